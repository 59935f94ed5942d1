/** Events that were heard: the newest first, so many at most. Pure. */

export interface HeardEvent {
  key: number;
  event_type: string;
  data: unknown;
  origin: string;
  time_fired: string;
  context?: { id: string; parent_id: string | null; user_id: string | null };
}

export const MOST = 300;

export function withHeard(known: readonly HeardEvent[], more: readonly HeardEvent[]): readonly HeardEvent[] {
  return more.length === 0 ? known : [...[...more].reverse(), ...known].slice(0, MOST);
}

/** Whether each word stands in the event's type or data. */
export function fits(event: HeardEvent, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = `${event.event_type} ${JSON.stringify(event.data)}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
