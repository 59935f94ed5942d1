import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import de from './locales/de.json';
import en from './locales/en.json';
import { toldBy } from './said';

const server = (file: string) => readFileSync(resolve('../marge', file), 'utf8');
/** What stands in a sentence's places. */
const VALUES: Record<string, string> = { path: '/bridges/mqtt', 'letter.path': '/bridges/mqtt', 'for_s:g': '60', count: '3', name: 'marge.bridges', level: 'debug', 'letter.kind': 'RunCommand', number: '7', MAX_LEVELS: '100' };
/** Nobody hears these of the console's buttons. */
const OTHERS = /^An actor cannot be told|^level must be|is no path of an actor/;

function sentences(): string[] {
  const found = [...server('console/actions.py').matchAll(/(?:return|InvalidRequest\(|NotFound\(|if actor is None else|if for_s else) *f?"([^"]+)"/g)].map((each) => each[1]!);
  return found
    .filter((text) => !OTHERS.test(text) && /\s/.test(text.replaceAll(/\{[^{}]*\}/g, '')))
    .map((text) => text.replaceAll(/\{([^{}]+)\}/g, (_all, name: string) => (name.startsWith("'' if") ? 's' : (VALUES[name] ?? `no value for ${name}`))));
}
const vital = () => [...server('console/vital.py').matchAll(/^ {8}"(\/\w*)": "([^"]+)"/gm)].map((each) => [each[1]!, each[2]!] as const);

describe('what the server says of actions', () => {
  it('is known, each sentence of it', () => {
    const all = sentences();
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter((text) => toldBy(text) === null || toldBy(text)!.vital)).toEqual([]);
  });

  it.each([en, de])('has words in each language', (texts) => {
    const said: Record<string, string> = texts.said;
    for (const text of sentences()) {
      const { key } = toldBy(text)!;
      expect([key, said[key] ?? said[`${key}_other`]]).toEqual([key, expect.any(String)]);
    }
  });

  it.each([en, de])('says why the home cannot be without one', (texts) => {
    const known: Record<string, string> = texts.vital;
    expect(vital().length).toBeGreaterThan(10);
    for (const [path, why] of vital()) {
      expect(toldBy(`${path} cannot be stopped: ${why}.`)).toMatchObject({ key: 'stopped', vital: path });
      expect([path, known[path]]).toEqual([path, expect.any(String)]);
    }
  });

  it('gives the values that stand in it', () => {
    expect(toldBy('3 waiting messages went to the dead letters.')).toEqual({ key: 'drained', values: { count: '3' } });
    expect(toldBy('Something new.')).toBeNull();
  });
});
