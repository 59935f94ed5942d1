/**
 * What the first view of the home showed last time in this browser: asked for first, it is there before a large home has come.
 * Belongs to one user, and is forgotten with the log-in.
 */

const KEY = 'marge_first_view';
/** What the server gives first at most. */
const AT_MOST = 500;

export interface Remembered {
  user: string;
  language: string;
  /** The entities in it. */
  ids: string[];
  /** What looks like an entity in it, and was none. */
  gone: string[];
  /** The view itself, where nobody has written one: it was made of all that the home has. */
  view?: unknown;
}

const ENTITY = /^[a-z0-9_]+\.[a-z0-9_]+$/;

/** Whatever in a configuration looks like an entity's id. */
export function idsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (ENTITY.test(value)) found.add(value);
  } else if (value && typeof value === 'object') for (const each of Object.values(value)) idsIn(each, found);
  return found;
}

const areIds = (value: unknown): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string');

export function remembered(): Remembered | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Remembered | null;
    return kept && areIds(kept.ids) && areIds(kept.gone) ? kept : null;
  } catch {
    return null; // cut off, or not ours
  }
}

/** Keep it, unless it is too large to be asked for first. */
export function remember(what: Remembered): void {
  if (what.ids.length > AT_MOST) return forget();
  const text = JSON.stringify(what);
  if (localStorage.getItem(KEY) === text) return;
  try {
    localStorage.setItem(KEY, text);
  } catch {
    forget(); // no room: the next time takes a moment longer
  }
}

export function forget(): void {
  localStorage.removeItem(KEY);
}
