/** What the server logs, as it logs it: of the whole home or of one bridge. Administrators only. */

import { useCallback, useMemo, useState } from 'react';
import { useSubscription } from './hooks';
import type { ApiError } from './session';

/** Entries that are kept in the browser; a stack belongs to its line. */
const KEPT = 2000;

export interface LogEvent {
  lines: string[];
  /** So many lines came too fast to be sent. */
  skipped: number;
  /** What the server had kept: the beginning, also after the connection was lost. */
  is_kept: boolean;
  /** Of a bridge, when it is news: what its own program printed; null: it has none. */
  program?: string[] | null;
  dropped_lines?: number;
}

export interface LogLines {
  lines: readonly string[];
  skipped: number;
  program: readonly string[] | null;
  dropped: number;
}

export function withEvent(before: LogLines | null, event: LogEvent): LogLines {
  const from = event.is_kept ? null : before;
  const lines = from ? [...from.lines, ...event.lines] : event.lines;
  return {
    lines: lines.length > KEPT ? lines.slice(-KEPT) : lines,
    skipped: (from?.skipped ?? 0) + event.skipped,
    program: event.program === undefined ? (before?.program ?? null) : event.program,
    dropped: event.dropped_lines ?? before?.dropped ?? 0,
  };
}

/** null until the first answer. `wanted` false: nothing is asked for. */
export function useLogLines({ bridge, level, wanted = true }: { bridge?: string; level?: 'debug' | 'info' | 'warning' | 'error'; wanted?: boolean }): { log: LogLines | null; error: ApiError | null } {
  const key = wanted ? `${bridge ?? ''} ${level ?? ''}` : null;
  const [told, setTold] = useState<{ of: string; log: LogLines } | null>(null);
  const message = useMemo(
    () => (key === null ? null : { type: 'marge/logs/subscribe', ...(bridge ? { bridge } : {}), ...(level ? { level } : {}) }),
    [key, bridge, level],
  );
  const hear = useCallback((event: LogEvent) => key !== null && setTold((before) => ({ of: key, log: withEvent(before?.of === key ? before.log : null, event) })), [key]);
  const error = useSubscription<LogEvent>(message, hear);
  return { log: told?.of === key ? (told?.log ?? null) : null, error };
}
