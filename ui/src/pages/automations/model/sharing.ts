/** Keeps objects that mean the same the same objects, so that rows keep their identity (open, focused) while YAML is typed. */

import { isRecord } from './types';

export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, index) => equal(each, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

const ids = new WeakMap<object, string>();
let latest = 0;

/** An id of a piece that stays while it is edited. */
export function idOf(piece: object): string {
  let id = ids.get(piece);
  if (id === undefined) {
    latest += 1;
    ids.set(piece, (id = `p${latest}`));
  }
  return id;
}

/** `next` is what `before` became: it has its id. */
export function inherit<T>(before: unknown, next: T): T {
  if (isRecord(before) && isRecord(next) && !Object.is(before, next)) ids.set(next, idOf(before));
  return next;
}

/** A copy with ids of its own. */
export const copyOf = <T>(value: T): T => structuredClone(value);

/** `next` with the objects of `before` wherever they mean the same; items that changed keep the id of their place. */
export function share<T>(before: unknown, next: T): T {
  if (equal(before, next)) return before as T;
  if (Array.isArray(next)) {
    if (!Array.isArray(before)) return next;
    const left = new Set<unknown>(before);
    const taken = next.map((item: unknown, index) => {
      const same = left.has(before[index]) && equal(before[index], item) ? (before[index] as unknown) : [...left].find((each) => equal(each, item));
      if (same === undefined) return undefined;
      left.delete(same);
      return same;
    });
    return next.map((item: unknown, index) => {
      if (taken[index] !== undefined) return taken[index];
      const former: unknown = before[index];
      if (!left.has(former)) return item;
      left.delete(former);
      return share(former, item);
    }) as T;
  }
  if (!isRecord(next)) return next;
  if (!isRecord(before)) return next;
  const shared = Object.fromEntries(Object.entries(next).map(([key, value]) => [key, share(before[key], value)]));
  return inherit(before, shared) as T;
}
