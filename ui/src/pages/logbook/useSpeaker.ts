/** What the words of entries are made of, in the language and the home of whoever looks. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTriggerWords } from '@/components/triggerWords';
import { useSession } from '@/data/hooks';
import { nameOf, useStateWords } from '@/data/words';
import type { Speaker } from './tell';

/** @param users names by id: `useUsers()`. */
export function useSpeaker(users: ReadonlyMap<string, string>): Speaker {
  const { t } = useTranslation('logbook');
  const { entities } = useSession();
  const words = useStateWords();
  const trigger = useTriggerWords();
  return useMemo(
    () => ({
      t: (key, values) => t(key, values ?? {}),
      state: (id, state) => {
        const entity = entities.get(id);
        return entity ? words(entity, state) : state;
      },
      name: (id) => nameOf(entities.get(id), id),
      entityOf: entities.get,
      user: (id) => users.get(id),
      trigger,
    }),
    [t, entities, words, users, trigger],
  );
}
