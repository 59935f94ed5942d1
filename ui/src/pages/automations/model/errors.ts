/** What the server says is wrong, and at which piece. */

import { at } from './tree';
import { isRecord, type Path } from './types';

/** Keys whose items are pieces. */
const LISTS = new Set(['triggers', 'conditions', 'actions', 'sequence', 'then', 'else', 'if', 'default', 'while', 'until', 'parallel', 'wait_for_trigger']);

/** `required key not provided @ data[0]['choose'][1]` as text and path; HA's words without their technical tail. */
export function splitError(error: string): { text: string; path: (string | number)[] } {
  const found = /^(.*?) (?:for dictionary value )?@ data((?:\[[^\]]+\])*)(.*)$/s.exec(error);
  if (!found) return { text: error, path: [] };
  const path = [...(found[2] ?? '').matchAll(/\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g)].map((step) => (step[3] === undefined ? (step[1] ?? step[2] ?? '') : Number(step[3])));
  return { text: (found[1] ?? error).trim(), path };
}

/** The server's path as one of the configuration: it takes each branch of `parallel` for a list. */
export function configPath(config: unknown, path: Path): Path {
  const found: (string | number)[] = [];
  for (let index = 0; index < path.length; index += 1) {
    const step = path[index]!;
    if (path[index - 2] === 'parallel' && typeof step === 'number') {
      const branch = at(config, found);
      if (isRecord(branch) && Array.isArray(branch.sequence)) found.push('sequence', step);
      continue;
    }
    found.push(step);
  }
  return found;
}

/** The path of the innermost piece that `path` leads into. */
export function pieceOf(path: Path): Path {
  for (let end = path.length; end >= 2; end -= 1) {
    if (typeof path[end - 1] === 'number' && LISTS.has(String(path[end - 2]))) return path.slice(0, end);
  }
  return path.slice(0, 1);
}

export interface Problem {
  /** Of the piece; one step: of a whole part. */
  path: Path;
  /** Inside the piece. */
  field: Path;
  text: string;
}

/** What `validate_config` said of the part at `start` (`['actions']`, or `['actions', 2]` for one piece alone). */
export function problemOf(config: unknown, start: Path, error: string): Problem {
  const { text, path } = splitError(error);
  const whole = configPath(config, [...start, ...path]);
  const piece = pieceOf(whole);
  return { path: piece, field: whole.slice(piece.length), text };
}
