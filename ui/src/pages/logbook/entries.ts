/** What the logbook sends, its order, and the days under which it stands. Pure. */

import { formatTime } from '@/data/words';
import { dateAt } from '@/data/zoned';

/** An entry as `logbook/event_stream` has it; `when` in seconds. */
export interface Entry {
  when: number;
  entity_id?: string | null;
  state?: string | null;
  icon?: string;
  name?: string | null;
  message?: string | null;
  domain?: string | null;
  source?: string | null;
  context_id?: string | null;
  context_user_id?: string;
  context_event_type?: string;
  context_domain?: string | null;
  context_service?: string | null;
  context_name?: string | null;
  context_message?: string | null;
  context_source?: string | null;
  context_entity_id?: string;
  context_state?: string | null;
}

export interface StreamMessage {
  events: Entry[];
  partial?: boolean;
  start_time?: number;
  end_time?: number;
}

const keyOf = (entry: Entry) => `${entry.when} ${entry.entity_id ?? ''} ${entry.state ?? ''} ${entry.message ?? ''}`;

/** Entries joined, the newest first, none twice (a stream that begins again after a lost connection tells the past again). */
export function merged(known: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  if (more.length === 0) return known;
  const ordered = [...more].sort((a, b) => b.when - a.when);
  const newest = known[0];
  if (!newest) return ordered;
  const oldestNew = ordered.at(-1)!;
  if (oldestNew.when > newest.when) return [...ordered, ...known];
  if (ordered[0]!.when < known.at(-1)!.when) return [...known, ...ordered];
  const there = new Set(known.map(keyOf));
  return [...known, ...ordered.filter((entry) => !there.has(keyOf(entry)))].sort((a, b) => b.when - a.when);
}

export type Line = { kind: 'day'; key: string; title: string } | { kind: 'entry'; key: string; entry: Entry };

/** The entries under the days on which they happened, as the home's clocks have them. */
export function byDay(entries: readonly Entry[], zone: string, language: string, today: string, words: { today: string; yesterday: string }): Line[] {
  const lines: Line[] = [];
  let day = '';
  const yesterday = today ? dateAt(Date.parse(`${today}T12:00:00Z`), 'UTC').subtract({ days: 1 }).toString() : '';
  const days = new Map<number, string>();
  for (const [index, entry] of entries.entries()) {
    // Asking the calendar for each of 50,000 entries is slow; for each quarter of an hour it is not (no zone is offset by less).
    const quarter = Math.floor(entry.when / 900);
    let date = days.get(quarter);
    if (date === undefined) days.set(quarter, (date = dateAt(entry.when * 1000, zone).toString()));
    if (date !== day) {
      day = date;
      const title = date === today ? words.today : date === yesterday ? words.yesterday : formatLong(entry.when * 1000, language, zone);
      lines.push({ kind: 'day', key: `day ${date}`, title });
    }
    lines.push({ kind: 'entry', key: `${keyOf(entry)} ${entries.length - index}`, entry });
  }
  return lines;
}

function formatLong(at: number, language: string, zone: string): string {
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: zone }).format(at);
  return `${weekday}, ${formatTime(at, language, 'date', zone)}`;
}

/** How far back the next question reaches: further each time that little was found, at most a month. */
export function nextWindow(length: number, found: number): number {
  const MONTH = 30 * 86_400;
  return found >= 200 ? length : Math.min(MONTH, length * 4);
}
