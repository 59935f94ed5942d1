/** One item as its file holds it, to the letter. It is read once: an open editor is not changed under its user's hands. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnected, useSession } from '@/data/hooks';
import { ApiError, asApiError } from '@/data/session';
import { forFile } from '../model/yamlText';

export interface Stored {
  /** As it was when the page was opened, or read again. */
  text: string | null;
  error: ApiError | null;
  reload: () => void;
  /** Somebody has deleted it since. */
  isGone: boolean;
  /** Puts a text in its place. `ask`: whether what somebody else has saved meanwhile may be lost; `refusal`: said when not. */
  save: (text: string, ask: () => Promise<boolean>, refusal: string) => Promise<void>;
}

/**
 * @param path of the item: `/api/config/automation/config/…`.
 * @param entityId its entity, while there is one: when that goes, the item may be gone.
 */
export function useStored(path: string, entityId: string | undefined): Stored {
  const session = useSession();
  const connected = useConnected();
  const url = `${path}/yaml`;
  const [answer, setAnswer] = useState<{ text: string | null; error: ApiError | null }>({ text: null, error: null });
  const [turn, setTurn] = useState(0);
  const [isGone, setGone] = useState(false);
  const latest = useRef<string | null>(null);

  const read = useCallback(
    () =>
      session.rest<string>(url).catch((error: unknown) => {
        if (asApiError(error).code === '404') return null;
        throw error;
      }),
    [session, url],
  );

  useEffect(() => {
    let wanted = true;
    session.rest<string>(url).then(
      (text) => {
        if (!wanted) return;
        latest.current = text;
        setAnswer({ text, error: null });
      },
      (error: unknown) => wanted && setAnswer({ text: null, error: asApiError(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, url, turn]);

  // An entity also goes when it is renamed or disabled: the file decides. Asked again after the connection was lost.
  const isOpen = answer.text !== null;
  const asked = useRef(false);
  useEffect(() => {
    if (!isOpen || !connected) return undefined;
    if (!asked.current) {
      asked.current = true; // it has just been read
      return undefined;
    }
    let wanted = true;
    read().then(
      (text) => wanted && setGone(text === null),
      () => undefined, // the connection went: it is asked again
    );
    return () => {
      wanted = false;
    };
  }, [isOpen, connected, entityId, read]);

  return {
    ...answer,
    isGone,
    reload: useCallback(() => setTurn((before) => before + 1), []),
    save: useCallback(
      async (text, ask, refusal) => {
        const now = await read(); // null: deleted meanwhile, and saving brings it back
        if (now !== null && now !== latest.current && !(await ask())) throw new ApiError('changed', refusal);
        await session.rest(url, { method: 'PUT', body: forFile(text) });
        latest.current = await read();
        setGone(false);
      },
      [session, url, read],
    ),
  };
}
