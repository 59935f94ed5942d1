/** Reading and changing a configuration by path. Nothing is changed in place; what did not change stays the same object. */

import { type Config, isRecord, type Path } from './types';

export const keyOf = (path: Path): string => path.join('/');

export function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)] as unknown;
    else if (isRecord(found)) found = found[step];
    else return undefined;
  }
  return found;
}

export function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
}

/** The value with what `change` makes of the part at `path`; `undefined` removes an entry. */
export function changeAt<T>(value: T, path: Path, change: (part: unknown) => unknown): T {
  const [step, ...rest] = path;
  if (step === undefined) return change(value) as T;
  if (Array.isArray(value)) {
    const index = Number(step);
    const next = changeAt(value[index] as unknown, rest, change);
    return (next === undefined ? value.toSpliced(index, 1) : value.with(index, next)) as T;
  }
  const record: Record<string, unknown> = isRecord(value) ? value : {};
  const next = changeAt(record[step], rest, change);
  if (next === undefined) {
    const { [String(step)]: _gone, ...others } = record;
    return others as T;
  }
  return { ...record, [step]: next } as T;
}

export const setAt = <T>(value: T, path: Path, part: unknown): T => changeAt(value, path, () => part);

export function insertAt(config: Config, list: Path, index: number, ...pieces: unknown[]): Config {
  return setAt(config, list, listAt(config, list).toSpliced(index, 0, ...pieces));
}

export function removeAt(config: Config, list: Path, index: number): Config {
  return setAt(config, list, listAt(config, list).toSpliced(index, 1));
}

export const startsWith = (path: Path, start: Path): boolean => start.length <= path.length && start.every((step, index) => String(step) === String(path[index]));

export interface Place {
  list: Path;
  index: number;
}

/** Whether the piece at `from` may stand before `to`: not inside itself, and not where it stands already. */
export function mayMove(from: Place, to: Place): boolean {
  if (startsWith(to.list, [...from.list, from.index])) return false;
  return keyOf(from.list) !== keyOf(to.list) || (to.index !== from.index && to.index !== from.index + 1);
}

/** The piece at `from` taken out and put before what stands at `to`, wherever that is. */
export function move(config: Config, from: Place, to: Place): Config {
  if (!mayMove(from, to)) return config;
  const piece = listAt(config, from.list)[from.index];
  const sameList = keyOf(from.list) === keyOf(to.list);
  if (sameList) {
    const without = removeAt(config, from.list, from.index);
    return insertAt(without, to.list, to.index > from.index ? to.index - 1 : to.index, piece);
  }
  // Whichever of the two places stands deeper or later is changed first, so that the other's path stays true.
  const depth = from.list.length;
  const shifts = startsWith(to.list, from.list) && to.list.length > depth && Number(to.list[depth]) > from.index;
  const without = removeAt(config, from.list, from.index);
  const list = shifts ? to.list.map((step, index) => (index === depth ? Number(step) - 1 : step)) : to.list;
  return insertAt(without, list, to.index, piece);
}
