import { useCallback, useState } from 'react';

/** A question in the middle of something: `await ask()` says whether it was answered with yes. */
export function useQuestion(): { ask: () => Promise<boolean>; dialog: { open: boolean; onConfirm: () => void; onClose: () => void } } {
  const [decide, setDecide] = useState<((yes: boolean) => void) | null>(null);
  const ask = useCallback(
    () =>
      new Promise<boolean>((resolve) => {
        setDecide(() => (yes: boolean) => {
          setDecide(null);
          resolve(yes);
        });
      }),
    [],
  );
  return { ask, dialog: { open: decide !== null, onConfirm: () => decide?.(true), onClose: () => decide?.(false) } };
}
