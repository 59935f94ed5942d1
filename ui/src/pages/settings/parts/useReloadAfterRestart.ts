import { useEffect, useRef } from 'react';
import { useConnected } from '@/data';

/** Everything on the screen is of the home as it was: once the server is back, begin with an empty page. */
export function useReloadAfterRestart(waits: boolean): void {
  const connected = useConnected();
  const wasAway = useRef(false);
  useEffect(() => {
    if (!waits) return;
    if (!connected) wasAway.current = true;
    else if (wasAway.current) location.reload();
  }, [waits, connected]);
}
