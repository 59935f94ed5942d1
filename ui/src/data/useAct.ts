/** Asking the server for something once: what goes wrong is shown, and whether it is on its way is known. */

import { useCallback, useState } from 'react';
import { toast } from '@/app/toasts';
import { asApiError } from './session';

/** `act(() => session.command(…), 'Saved')`: says `done` when it worked, the server's words when not; gives whether it worked. */
export function useAct(): [busy: boolean, act: (work: () => Promise<unknown>, done?: string) => Promise<boolean>] {
  const [count, setCount] = useState(0);
  const act = useCallback(async (work: () => Promise<unknown>, done?: string) => {
    setCount((before) => before + 1);
    try {
      await work();
      if (done) toast.ok(done);
      return true;
    } catch (error) {
      toast.error(asApiError(error).message);
      return false;
    } finally {
      setCount((before) => before - 1);
    }
  }, []);
  return [count > 0, act];
}
