/** One file: what the server has, what was typed over it, and what is wrong with that. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, asApiError, useConnected, useSession } from '@/data';
import type { Problem } from '../../parts/system';
import { keepDraft, readDraft } from './drafts';

interface Stored {
  text: string;
  digest: string;
}

export type SaveResult = { is: 'saved'; before: string } | { is: 'conflict'; theirs: Stored | null } | { is: 'refused' } | { is: 'failed'; error: ApiError };

export interface OpenFile {
  stored: Stored | null;
  text: string;
  dirty: boolean;
  /** What is open began with another text than the server has now. */
  outdated: boolean;
  problems: readonly Problem[];
  checking: boolean;
  saving: boolean;
  error: ApiError | null;
  type: (text: string) => void;
  save: (overwrite?: Stored | null) => Promise<SaveResult>;
  /** Forget what was typed; with `theirs`, go on from that. */
  discard: (theirs?: Stored) => void;
  load: () => void;
}

const CHECK_AFTER_MS = 500;
const KEEP_AFTER_MS = 300;
const addressOf = (path: string) => `/api/config/files/${path.split('/').map(encodeURIComponent).join('/')}`;

export function useFile(path: string, onDraft: () => void): OpenFile {
  const session = useSession();
  const connected = useConnected();
  const [stored, setStored] = useState<Stored | null>(null);
  const [typed, setTyped] = useState(() => readDraft(path));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [checking, setChecking] = useState(false);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const text = typed?.text ?? stored?.text ?? '';
  const dirty = stored !== null && typed !== null && typed.text !== stored.text;

  const read = useCallback(() => session.rest<Stored>(addressOf(path)), [session, path]);
  const load = useCallback(() => {
    read().then(
      (found) => {
        setStored(found);
        setError(null);
      },
      (refused: unknown) => setError(asApiError(refused)),
    );
  }, [read]);
  useEffect(() => {
    if (connected) load();
  }, [load, connected]);

  // What is typed is kept a moment later, and when the editor goes.
  const latest = useRef(typed);
  useEffect(() => {
    latest.current = typed;
    const timer = setTimeout(() => {
      keepDraft(path, dirty ? typed : null);
      onDraft();
    }, KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [path, typed, dirty, onDraft]);
  useEffect(() => () => keepDraft(path, latest.current), [path]);

  useEffect(() => {
    if (stored === null || !connected) return undefined;
    const aborting = new AbortController();
    const timer = setTimeout(() => {
      setChecking(true);
      session.rest<{ problems: Problem[] }>('/api/config/files/check', { method: 'POST', body: { path, text }, signal: aborting.signal }).then(
        (found) => {
          if (aborting.signal.aborted) return;
          setProblems(found.problems);
          setChecking(false);
        },
        () => !aborting.signal.aborted && setChecking(false), // saving says why it does not work
      );
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [session, path, text, stored, connected]);

  const type = (next: string) => {
    if (stored) setTyped({ text: next, digest: typed?.digest ?? stored.digest });
  };
  const discard = (theirs?: Stored) => {
    if (theirs) setStored(theirs);
    setTyped(null);
    latest.current = null;
    keepDraft(path, null);
  };
  const save = async (overwrite?: Stored | null): Promise<SaveResult> => {
    setSaving(true);
    setError(null);
    const sent = text;
    try {
      const digest = overwrite === undefined ? (typed?.digest ?? stored?.digest ?? null) : (overwrite?.digest ?? null);
      const answer = await session.rest<{ digest: string; problems: Problem[] }>(addressOf(path), { method: 'PUT', body: { text: sent, digest } });
      const before = stored?.text ?? '';
      setStored({ text: sent, digest: answer.digest });
      setTyped((now) => (now && now.text !== sent ? { ...now, digest: answer.digest } : null));
      setProblems(answer.problems);
      return { is: 'saved', before };
    } catch (refused) {
      const found = asApiError(refused);
      if (found.code === '409' || found.code === '404') return { is: 'conflict', theirs: await read().catch(() => null) };
      if (found.code === '422') {
        setProblems((found.body as { problems?: Problem[] }).problems ?? []);
        return { is: 'refused' };
      }
      setError(found);
      return { is: 'failed', error: found };
    } finally {
      setSaving(false);
    }
  };
  return { stored, text, dirty, outdated: stored !== null && typed !== null && typed.digest !== stored.digest, problems, checking, saving, error, type, save, discard, load };
}
