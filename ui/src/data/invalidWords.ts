/** What the server's checks say of a value that does not fit, in words: their texts are English and a programmer's, and other clients rely on them. */

export type Say = (key: string, values?: Record<string, string>) => string;

const NUMBER = '(-?[\\d.]+)';
/** A text of the checks, and what it says: a key below `invalid`, and the value in it. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^required key not provided$/, 'missing'],
  [/^extra keys not allowed$/, 'unknown'],
  [/^expected int$/, 'int'],
  [/^expected float$/, 'number'],
  [/^(?:expected (?:str|a text)|value should be a string)$/, 'text'],
  [/^(?:expected bool|invalid boolean value .*)$/s, 'boolean'],
  [/^expected (?:a )?(?:dictionary|mapping)$/, 'map'],
  [/^(?:expected a list|Value should be a list)$/, 'list'],
  [/^(?:string value is None|template value is None|Slug should not be None|Entity IDs can not be None)$/, 'empty'],
  [new RegExp(`^value must be at least ${NUMBER}$`), 'atLeast'],
  [new RegExp(`^value must be at most ${NUMBER}$`), 'atMost'],
  [new RegExp(`^value must be higher than ${NUMBER}$`), 'above'],
  [new RegExp(`^value must be lower than ${NUMBER}$`), 'below'],
  [new RegExp(`^length of value must be at least ${NUMBER}$`), 'longer'],
  [new RegExp(`^length of value must be at most ${NUMBER}$`), 'shorter'],
  [/^value must be one of \[(.*)\]$/s, 'oneOf'],
  [/^must contain at least one of (.+)\.$/s, 'needsOne'],
  [/^(?:not a valid value|no valid value found|invalid value or type)$/, 'wrong'],
  [/^Entity ID (\S+) is an invalid entity ID$/, 'entity'],
  [/^Entity (\S+) is neither a valid entity ID nor a valid UUID$/, 'entity'],
  [/^Entity ID '.+' does not belong to domain '(.+)'$/s, 'domain'],
  [/^Invalid time specified(?:: .*)?$/s, 'time'],
  [/^Invalid datetime specified(?:: .*)?$/s, 'moment'],
  [/^Could not parse date$/, 'date'],
  [/^offset .+ should be format 'HH:MM', 'HH:MM:SS' or 'HH:MM:SS\.F'$/s, 'period'],
  [/^Time period should be positive$/, 'positive'],
  [/^invalid template \((.*)\)$/s, 'template'],
  [/^template value does not contain a dynamic template$/, 'noTemplate'],
  [/^invalid slug .+ \(try (.+)\)$/s, 'slug'],
];
/** Of such texts those that speak of the name itself: the value says nothing more. */
const WITHOUT_VALUE = new Set(['missing', 'unknown', 'needsOne', 'template', 'empty']);
const MOST_SHOWN = 60;

/** One text without its place; null: nobody knows it. */
function wordsOf(text: string, say: Say): { key: string; words: string } | null {
  for (const [pattern, key] of TEXTS) {
    const found = pattern.exec(text);
    if (found) return { key, words: say(`invalid.${key}`, { value: (found[1] ?? '').replaceAll("'", '') }) };
  }
  return null;
}

/** `expected int` in words; what nobody knows stays as it is. */
export const invalidText = (text: string, say: Say): string => wordsOf(text, say)?.words ?? text;

/** `expected int for dictionary value @ data['brightness']. Got 'x'`: text, place, value. */
const LINE = /^(.*?)(?: for (?:dictionary value|object value|key))?(?: @ data((?:\[(?:'[^']*'|"[^"]*"|\d+)\])+))?(?:\. Got (.*))?$/s;

function lineWords(line: string, say: Say): string | null {
  const [, text = '', path, got] = LINE.exec(line) ?? [];
  const found = wordsOf(text, say);
  if (!found) return null;
  const names = [...(path ?? '').matchAll(/\['([^']*)'\]|\["([^"]*)"\]/g)].map((step) => step[1] ?? step[2] ?? '');
  const field = names.at(-1);
  const shown = got !== undefined && got !== 'None' && got.length <= MOST_SHOWN && !WITHOUT_VALUE.has(found.key) ? ` ${say('invalid.got', { value: got.replace(/^'(.*)'$/s, '$1') })}` : '';
  const words = found.words + shown;
  return field === undefined ? words.charAt(0).toUpperCase() + words.slice(1) : `${field}: ${words}`;
}

/** A refusal of the server's checks in words, a line each; null: it is none, or none that is known. */
export function invalidWords(message: string, say: Say): string | null {
  const lines = message.replace(/^(?:Message malformed|Message format incorrect): /, '').split('\n').map((line) => lineWords(line, say));
  return lines.every((line) => line !== null) ? lines.join('\n') : null;
}
