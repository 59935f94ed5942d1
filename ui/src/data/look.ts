/** Whether it is dark now, for what is painted and does not follow the tokens by itself (a canvas). */

import { useSyncExternalStore } from 'react';
import { isDark, theme } from '@/app/theme';

function subscribe(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  const end = theme.subscribe(listener);
  return () => {
    query.removeEventListener('change', listener);
    end();
  };
}

export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}
