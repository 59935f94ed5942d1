/** What the user may do beyond looking, and the person that it is. Not here: who may open which page (`app/pages.ts`). */

import { useSession } from './hooks';
import { useStore } from './store';
import type { Me } from './types';

export const useMe = (): Me => useStore(useSession().me);

/** Whether this user may switch things; who may only look is not offered it. */
export const useMayControl = (): boolean => useStore(useSession().me, (me) => me.may_control);
