import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import de from '../locales/de.json';
import en from '../locales/en.json';
import { spellAction, spellCondition } from '../model/spelling';
import { at } from '../model/tree';
import { fitsInto, kindOf, kindsOf } from './index';
import type { Say } from './say';
import { durationWords, secondsOf } from './say';

/** Where the server keeps its kinds: a file each, as here. */
const server = (folder: string) =>
  readdirSync(resolve('../marge/automations', folder))
    .filter((file) => file.endsWith('.py') && !file.startsWith('_'))
    .map((file) => file.replace(/_?\.py$/, ''))
    .sort();

const FOLDERS = { trigger: 'triggers', condition: 'conditions', action: 'actions' } as const;

describe.each(['trigger', 'condition', 'action'] as const)('kinds of %s', (role) => {
  it('has a form for every kind that the server has', () => {
    expect(kindsOf(role).map((kind) => kind.name).sort()).toEqual(server(FOLDERS[role]));
  });

  it.each([en, de])('has words for each and for its fields', (texts) => {
    for (const kind of kindsOf(role)) {
      const base = [FOLDERS[role], kind.name];
      expect([kind.name, typeof at(texts, [...base, 'title']), typeof at(texts, [...base, 'text'])]).toEqual([kind.name, 'string', 'string']);
      for (const field of kind.fields ?? []) {
        expect([kind.name, field.name, typeof at(texts, [...base, 'fields', field.name])]).toEqual([kind.name, field.name, 'string']);
        if (field.hint) expect([field.name, typeof at(texts, [...base, 'fields', `${field.name}_hint`])]).toEqual([field.name, 'string']);
      }
    }
  });

  it('knows what it makes itself, before and after it went through YAML', () => {
    for (const kind of kindsOf(role)) {
      const made = kind.make();
      if (kind.name === 'condition') continue; // what it makes is a condition of another kind
      expect(kindOf(role, made)?.name).toBe(kind.name);
      if (role === 'action') expect(kindOf(role, spellAction(made))?.name).toBe(kind.name);
      if (role === 'condition') expect(kindOf(role, spellCondition(made))?.name).toBe(kind.name);
    }
  });

  it('sums up what is half written without breaking', () => {
    const say: Say = {
      t: (key) => key, language: 'en', list: (words) => words.join(), entities: (ids) => String((ids as string | undefined) ?? ''), state: (_id, state) => String(state),
      states: (_ids, states) => String(states), duration: (value) => durationWords(value, 'en'), service: String, verb: String, field: (_name, key) => key, device: String, target: () => '', value: String, piece: () => '…',
    };
    for (const kind of kindsOf(role)) {
      expect(typeof kind.summary(kind.make(), say)).toBe('string');
      expect(typeof kind.summary({ ...Object.fromEntries(Object.keys(kind.make()).map((key) => [key, null])) }, say)).toBe('string');
    }
  });
});

it('lets conditions stand among actions and back, and nothing else change its role', () => {
  expect(fitsInto({ condition: 'sun' }, 'condition', 'action')).toBe(true);
  expect(fitsInto({ condition: 'sun' }, 'action', 'condition')).toBe(true);
  expect(fitsInto({ delay: 1 }, 'action', 'condition')).toBe(false);
  expect(fitsInto({ trigger: 'sun' }, 'trigger', 'action')).toBe(false);
});

it('reads lengths of time in every form', () => {
  expect(secondsOf('01:30')).toBe(5400);
  expect(secondsOf('-00:00:30')).toBe(-30);
  expect(secondsOf({ minutes: 2, seconds: 5 })).toBe(125);
  expect(secondsOf({ minutes: '{{ x }}' })).toBeNull();
  expect(durationWords(3_725, 'en')).toBe('1 hr 2 min 5 sec');
  expect(durationWords(0, 'en')).toBe('0 sec');
});
