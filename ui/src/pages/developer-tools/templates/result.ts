/** What `render_template` says. Pure. */

import type { YamlMistake } from '@/components';

export interface Listeners {
  all: boolean;
  domains: string[];
  entities: string[];
  time: boolean;
}

export type TemplateEvent = { result: unknown; listeners: Listeners } | { error: string; level: string };

/** Where a mistake is, as far as its words tell ("… (line 3)", "line 3"); the first line otherwise. */
export function mistakeOf(text: string): YamlMistake {
  const found = /\bline:? (\d+)/i.exec(text);
  return { line: found ? Number(found[1]) : 1, text };
}

/** A result as a text: what is no text as JSON, so that "1" and 1 are told apart by their kind. */
export function written(result: unknown): { text: string; kind: string } {
  if (typeof result === 'string') return { text: result, kind: 'text' };
  if (result === null) return { text: 'null', kind: 'nothing' };
  const kind = Array.isArray(result) ? 'list' : typeof result === 'object' ? 'map' : typeof result === 'boolean' ? 'boolean' : 'number';
  return { text: JSON.stringify(result, null, 2), kind };
}
