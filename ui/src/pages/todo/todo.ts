/** Items of to-do lists, and what a list can keep. Pure. */

export interface Item {
  uid: string;
  summary: string;
  status: 'needs_action' | 'completed';
  due: string | null;
  description: string | null;
}

const FEATURES = { create: 1, delete: 2, update: 4, move: 8, dueDate: 16, dueTime: 32, description: 64 } as const;
export type Feature = keyof typeof FEATURES;

export const can = (features: number | undefined, feature: Feature): boolean => ((features ?? 0) & FEATURES[feature]) !== 0;

export const open = (items: readonly Item[]): Item[] => items.filter((item) => item.status !== 'completed');
export const done = (items: readonly Item[]): Item[] => items.filter((item) => item.status === 'completed');

/** The items with one of them moved to the place of another; and behind whom that is (null: first), as the server wants it. */
export function moved(items: readonly Item[], uid: string, over: string): { items: Item[]; behind: string | null } {
  const from = items.findIndex((item) => item.uid === uid);
  const to = items.findIndex((item) => item.uid === over);
  if (from < 0 || to < 0 || from === to) return { items: [...items], behind: null };
  const next = [...items];
  const [item] = next.splice(from, 1);
  next.splice(to, 0, item!);
  return { items: next, behind: next[to - 1]?.uid ?? null };
}

/** How near it is due; `today` as `2026-11-21`. */
export function urgency(due: string | null, today: string, now: number): 'late' | 'today' | 'later' | null {
  if (!due) return null;
  if (due.length > 10) {
    const at = Date.parse(due);
    if (Number.isFinite(at) && at < now) return 'late';
  }
  const day = due.slice(0, 10);
  if (day < today) return 'late';
  return day === today ? 'today' : 'later';
}

/** What `todo.update_item` wants for a due date of a list that keeps dates, times or both. */
export function dueFields(date: string, time: string, features: number | undefined): Record<string, string | null> {
  if (!date) return can(features, 'dueTime') ? { due_datetime: null } : can(features, 'dueDate') ? { due_date: null } : {};
  if (time && can(features, 'dueTime')) return { due_datetime: `${date} ${time.length === 5 ? `${time}:00` : time}` };
  return can(features, 'dueDate') ? { due_date: date } : { due_datetime: `${date} 00:00:00` };
}
