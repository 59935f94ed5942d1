/** A configuration as YAML text and back. A change of the value keeps comments, order and quotes of what it does not touch. */

import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, Scalar, stringify, type YAMLMap, YAMLSeq } from 'yaml';
import { meant, quoted } from './plainWords';
import { AS_FILES, STYLE } from './schema';
import { equal } from './sharing';
import { isRecord, type Path } from './types';

const MAX_ALIASES = 100;

export interface Mistake {
  /** From 1. */
  line: number;
  text: string;
}

export type Parsed = { value: unknown; mistake?: undefined } | { mistake: Mistake; value?: undefined };

export function parse(text: string): Parsed {
  const document = parseDocument(text, { ...AS_FILES, prettyErrors: false });
  const error = document.errors[0];
  meant(document as unknown as Document);
  if (error) return { mistake: { line: lineOf(text, error.pos[0]), text: error.message } };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (problem) {
    return { mistake: { line: 1, text: problem instanceof Error ? problem.message : String(problem) } };
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

export const write = (value: unknown): string => stringify(value, STYLE);

/** `text` as it is saved: what a file would read as something else is put in quotes. */
export function forFile(text: string): string {
  const document = parseDocument(text, AS_FILES);
  return document.errors.length > 0 ? text : quoted(text, document as unknown as Document);
}

/** `text` changed so that it stands for `value`; lines that need not change stay as they were typed. */
export function rewrite(text: string, value: unknown): string {
  const document = parseDocument(text, AS_FILES) as unknown as Document;
  if (document.errors.length > 0 || !isRecord(value) || !isMap(document.contents)) return write(value);
  meant(document);
  // The library lays a text out in its own way: what that alone changes is not taken over.
  const style = { ...STYLE, indentSeq: !FLAT_LIST.test(text) };
  const before = document.toString(style);
  document.contents = reconcile(document, document.contents, value) as typeof document.contents;
  const after = document.toString(style);
  const patched = patch(text, before, after);
  return patched !== null && equal(parse(patched).value, parse(after).value) ? patched : after;
}

/** A list whose dashes stand below the first letter of its name. */
const FLAT_LIST = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?: *(?:#[^\n]*)?\n)*\1- /m;

/** What leads from `before` to `after`, done to `text`, of which `before` is another layout; null: their lines do not pair. */
function patch(text: string, before: string, after: string): string | null {
  const [typed, old, next] = [text, before, after].map((each) => each.replace(/\n+$/, '').split('\n')) as [string[], string[], string[]];
  if (typed.length !== old.length) return null;
  let head = 0;
  while (head < old.length && head < next.length && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < next.length - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1;
  return [...typed.slice(0, head), ...next.slice(head, next.length - tail), ...typed.slice(typed.length - tail)].join('\n') + '\n';
}

function js(document: Document, node: unknown): unknown {
  return isPair(node) ? undefined : ((node as Node | null)?.toJS(document, { maxAliasCount: MAX_ALIASES }) ?? null);
}

function reconcile(document: Document, node: Node | null | undefined, value: unknown): Node {
  if (node && equal(js(document, node), value ?? null)) return node;
  if (isMap(node) && isRecord(value)) return reconcileMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) return reconcileSeq(document, node, value);
  if (isMap(node) && Array.isArray(value) && value.length > 0) {
    // A lone item became a list: it keeps what is said of it.
    const list = new YAMLSeq(document.schema);
    list.items = [node];
    return reconcileSeq(document, list, value);
  }
  if (isScalar(node) && (value === null || typeof value !== 'object')) {
    if (typeof node.value !== typeof value || node.type === Scalar.BLOCK_FOLDED) delete node.type;
    if (typeof value === 'string' && node.type === Scalar.BLOCK_LITERAL && !value.includes('\n')) delete node.type;
    delete node.source;
    delete node.format;
    delete node.tag;
    node.value = value;
    return node;
  }
  const made = document.createNode(value, { aliasDuplicateObjects: false });
  if (node && !isAlias(node)) {
    made.commentBefore = node.commentBefore ?? null;
    made.comment = node.comment ?? null;
  }
  return made;
}

/** Older words of configurations, which `spelling.ts` takes for today's. */
const RENAMED = [['trigger', 'triggers'], ['condition', 'conditions'], ['action', 'actions'], ['platform', 'trigger'], ['service', 'action'], ['service_template', 'action']] as const;

function reconcileMap(document: Document, map: YAMLMap, value: Record<string, unknown>): YAMLMap {
  const name = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key);
  for (const [old, today] of RENAMED) {
    const pair = map.items.find((each) => name(each) === old);
    if (pair && today in value && !(old in value) && !map.items.some((each) => name(each) === today)) (pair.key as Scalar).value = today;
  }
  map.items = map.items.filter((pair) => name(pair) in value);
  let before = -1;
  for (const [key, part] of Object.entries(value)) {
    const found = map.items.findIndex((pair) => name(pair) === key);
    if (found >= 0) {
      const pair = map.items[found]!;
      pair.value = reconcile(document, pair.value as Node | null, part);
      before = found;
    } else {
      before += 1;
      map.items.splice(before, 0, document.createPair(key, part));
    }
  }
  if (map.flow && JSON.stringify(value).length > 60) map.flow = false;
  return map;
}

/** Items that moved take their comments along; one that changed keeps those of its place. */
function reconcileSeq(document: Document, seq: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const left = new Map(seq.items.map((item, index) => [index, item as Node]));
  const taken = value.map((part, index) => {
    const same = left.has(index) && equal(js(document, left.get(index)), part) ? index : [...left].find(([, item]) => equal(js(document, item), part))?.[0];
    if (same === undefined) return undefined;
    const item = left.get(same)!;
    left.delete(same);
    return item;
  });
  const lengthSame = seq.items.length === value.length;
  seq.items = value.map((part, index) => {
    if (taken[index]) return taken[index];
    const former = left.get(index);
    // Another length means that something came or went here: only what is alike is taken for the same item.
    if (!former || !(lengthSame || alike(js(document, former), part))) return document.createNode(part, { aliasDuplicateObjects: false });
    left.delete(index);
    return reconcile(document, former, part);
  });
  if (seq.items.length > 0 && seq.items.some((item) => isMap(item))) seq.flow = false;
  return seq;
}

function alike(a: unknown, b: unknown): boolean {
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.filter((key) => key in b && equal(a[key], b[key])).length * 2 >= keys.length;
}

/** The line (from 1) where the part at `path`, or what is nearest above it, stands. */
export function lineAt(text: string, path: Path): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...AS_FILES, lineCounter: lines });
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}
