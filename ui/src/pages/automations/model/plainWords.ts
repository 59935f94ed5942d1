/**
 * States and times without quotes: `to: on`, `at: 17:30:00`. A file reads them as a truth value and a number, which nobody
 * means there; the editor takes them as they were meant, and puts the quotes around them when it saves.
 */

import { type Document, isMap, isScalar, isSeq, type Node, Scalar } from 'yaml';

const STATES = new Set(['to', 'from', 'not_to', 'not_from', 'state']);
const TIMES = new Set(['at', 'after', 'before']);
/** What is handed to others may mean a truth value. */
const OTHERS = new Set(['data', 'data_template', 'event_data', 'target', 'variables', 'metadata', 'trigger_variables', 'response_variable']);

type Plain = Scalar & { source: string; range: [number, number, number] };

/** The scalars of a document that are meant as texts. */
export function plainWords(document: Document): Plain[] {
  const found: Plain[] = [];
  const take = (node: Node | null, key: string) => {
    if (isSeq(node)) for (const item of node.items) take(item as Node, key);
    else if (isScalar(node) && node.type === Scalar.PLAIN && node.source && node.range) {
      const isWord = STATES.has(key) && typeof node.value === 'boolean' && !/^(true|false)$/i.test(node.source);
      const isTime = TIMES.has(key) && typeof node.value === 'number' && node.source.includes(':');
      if (isWord || isTime) found.push(node as Plain);
    }
  };
  const walk = (node: unknown) => {
    if (isSeq(node)) node.items.forEach(walk);
    else if (isMap(node)) {
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        if (OTHERS.has(key)) continue;
        if (STATES.has(key) || TIMES.has(key)) take(pair.value as Node | null, key);
        walk(pair.value);
      }
    }
  };
  walk(document.contents);
  return found;
}

/** The document with these as texts. */
export function meant(document: Document): void {
  for (const node of plainWords(document)) {
    node.value = node.source;
    node.type = Scalar.QUOTE_DOUBLE;
  }
}

/** `text` with quotes around them, and otherwise as it is. */
export function quoted(text: string, document: Document): string {
  let made = text;
  for (const { source, range } of plainWords(document).toSorted((a, b) => b.range[0] - a.range[0])) {
    made = `${made.slice(0, range[0])}"${source}"${made.slice(range[1])}`;
  }
  return made;
}
