import { describe, expect, it } from 'vitest';
import german from '@/app/locales/de.json';
import { invalidText, invalidWords } from './invalidWords';

const texts = german.invalid as Record<string, string>;
const say = (key: string, values: Record<string, string> = {}) => texts[key.replace('invalid.', '')]!.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]!);

describe('what the checks of the server say', () => {
  it.each([
    ["required key not provided @ data['entity_id']. Got None", 'entity_id: fehlt'],
    ["Message malformed: extra keys not allowed @ data['brightnes']", 'brightnes: ist hier nicht bekannt'],
    ["expected int for dictionary value @ data['brightness']. Got 'bright'", 'brightness: muss eine ganze Zahl sein (nicht „bright“)'],
    ["value must be at most 255 for dictionary value @ data['data']['brightness']. Got 999", 'brightness: darf höchstens 255 sein (nicht „999“)'],
    ["value must be one of ['off', 'on'] for dictionary value @ data['mode']. Got 'x'", 'mode: muss eines davon sein: off, on (nicht „x“)'],
    ['must contain at least one of entity_id, device_id.', 'Eines davon wird gebraucht: entity_id, device_id'],
    ["expected str for dictionary value @ data['actions'][0]['action']. Got {'a': 1}", "action: muss ein Text sein (nicht „{'a': 1}“)"],
    ['Entity ID lamp is an invalid entity ID', 'Ist keine ID einer Entität, wie light.flur eine ist'],
    [`expected float for dictionary value @ data['x']. Got '${'y'.repeat(99)}'`, 'x: muss eine Zahl sein'],
  ])('is told in German: %s', (message, words) => {
    expect(invalidWords(message, say)).toBe(words);
  });

  it('is told of each mistake in a line of its own', () => {
    expect(invalidWords("expected int @ data['a']. Got 'x'\nrequired key not provided @ data['b']. Got None", say)).toBe('a: muss eine ganze Zahl sein (nicht „x“)\nb: fehlt');
  });

  it('stays as it is when nobody knows it', () => {
    for (const message of ['There is no entity light.a.', '', "something else @ data['x']", "expected int @ data['a']. Got 'x'\nThe server is full"]) expect(invalidWords(message, say)).toBeNull();
    expect([invalidText('expected dictionary', say), invalidText('Nobody knows', say)]).toEqual(['muss eine Liste von Namen mit Werten sein', 'Nobody knows']);
  });

  it('has words for each text in each language', () => {
    expect(Object.values(texts).every(Boolean)).toBe(true);
  });
});
