import { useEffect } from 'react';

/** Again and again while the page is seen, and at once when it is seen again. */
export function usePolled(again: () => void, everyMs: number): void {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') again();
    };
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [again, everyMs]);
}
