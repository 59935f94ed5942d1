/** How an event repeats: RFC 5545's rule as a form. What the form does not know is kept as it is. Pure. */

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export type Repeat =
  | { kind: 'never' }
  | { kind: 'rule'; freq: Frequency; interval: number; days: string[]; ends: { by: 'never' } | { by: 'date'; date: string } | { by: 'count'; count: number } }
  | { kind: 'other'; rule: string };

export function readRule(rule: string | null): Repeat {
  if (!rule) return { kind: 'never' };
  const parts = new Map(rule.replace(/^RRULE:/, '').split(';').filter(Boolean).map((part) => part.split('=') as [string, string]));
  const freq = parts.get('FREQ') as Frequency;
  const known = ['FREQ', 'INTERVAL', 'BYDAY', 'UNTIL', 'COUNT', 'WKST'];
  const byDay = parts.get('BYDAY')?.split(',') ?? [];
  const isPlain = FREQUENCIES.includes(freq) && [...parts.keys()].every((key) => known.includes(key)) && (byDay.length === 0 || (freq === 'WEEKLY' && byDay.every((day) => (WEEKDAYS as readonly string[]).includes(day))));
  if (!isPlain) return { kind: 'other', rule };
  const until = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get('UNTIL') ?? '');
  const count = Number(parts.get('COUNT'));
  const ends = until ? { by: 'date' as const, date: `${until[1]}-${until[2]}-${until[3]}` } : count > 0 ? { by: 'count' as const, count } : { by: 'never' as const };
  return { kind: 'rule', freq, interval: Math.max(1, Number(parts.get('INTERVAL') ?? 1) || 1), days: byDay, ends };
}

/** @param allDay what ends at a date has a date as its end, else a time. */
export function writeRule(repeat: Repeat, allDay: boolean): string | null {
  if (repeat.kind === 'never') return null;
  if (repeat.kind === 'other') return repeat.rule;
  const { freq, interval, days, ends } = repeat;
  return [
    `FREQ=${freq}`,
    interval > 1 ? `INTERVAL=${interval}` : '',
    freq === 'WEEKLY' && days.length ? `BYDAY=${WEEKDAYS.filter((day) => days.includes(day)).join(',')}` : '',
    ends.by === 'date' && ends.date ? `UNTIL=${ends.date.replaceAll('-', '')}${allDay ? '' : 'T235959'}` : '',
    ends.by === 'count' ? `COUNT=${ends.count}` : '',
  ]
    .filter(Boolean)
    .join(';');
}
