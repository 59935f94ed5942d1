import { useCallback, useState } from 'react';
import { toast } from '@/app/toasts';
import { type ApiError, asApiError } from '@/data';

/**
 * Something that is sent to the server: `busy` while it is on its way; what is refused is told.
 *
 * @param silent keep the words in `error` (to show them in a form) and do not make a toast of them.
 */
export function useAct(silent = false): { busy: boolean; error: ApiError | null; clear: () => void; act: (what: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const clear = useCallback(() => setError(null), []);
  const act = useCallback(
    async (what: () => Promise<unknown>, done?: string) => {
      setBusy(true);
      setError(null);
      try {
        await what();
        if (done) toast.ok(done);
        return true;
      } catch (problem) {
        const found = asApiError(problem);
        setError(found);
        if (!silent) toast.error(found.message);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [silent],
  );
  return { busy, error, clear, act };
}
