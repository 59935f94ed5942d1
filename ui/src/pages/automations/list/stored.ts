/** One item as its file holds it. It is read once: an open editor is not changed under its user's hands. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '@/data/hooks';
import { type ApiError, asApiError } from '@/data/session';
import type { Config } from '../model/types';

interface Stored {
  config: Config | null;
  error: ApiError | null;
  reload: () => void;
  /** What the server had when it was asked or told last. */
  latest: () => Config | null;
  keep: (config: Config) => void;
}

export function useStored(url: string): Stored {
  const session = useSession();
  const [answer, setAnswer] = useState<{ config: Config | null; error: ApiError | null }>({ config: null, error: null });
  const [turn, setTurn] = useState(0);
  const latest = useRef<Config | null>(null);
  useEffect(() => {
    let wanted = true;
    session.rest<Config>(url).then(
      (config) => {
        if (!wanted) return;
        latest.current = config;
        setAnswer({ config, error: null });
      },
      (error: unknown) => wanted && setAnswer({ config: null, error: asApiError(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, url, turn]);
  return {
    ...answer,
    reload: useCallback(() => setTurn((before) => before + 1), []),
    latest: useCallback(() => latest.current, []),
    keep: useCallback((config) => {
      latest.current = config;
    }, []),
  };
}
