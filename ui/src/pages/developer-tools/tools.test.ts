import { describe, expect, it } from 'vitest';
import type { Entity, Service } from '@/data/types';
import { EMPTY, fieldsOf, firstValue, fromDocument, means, missing, toDocument, unknownKeys } from './actions/draft';
import { fits as fitsEvent, type HeardEvent, MOST, withHeard } from './events/heard';
import { fits, fitsAttributes } from './states/filter';
import { adjustment, outliers, remedyOf } from './statistics/statistics';
import german from './locales/de.json';
import english from './locales/en.json';
import { exampleOf } from './templates/example';
import { mistakeOf, written } from './templates/result';

describe('the filter of states', () => {
  const entity: Entity = { entity_id: 'binary_sensor.hall', state: 'on', attributes: { friendly_name: 'Hall Motion', device_class: 'motion', brightness: 25 }, lastChanged: 0, lastUpdated: 0, context: { id: '' } };
  it('asks the id, the name, the state and attributes', () => {
    expect(fits(entity, { id: 'motion hall', state: '', attributes: '' })).toBe(true);
    expect(fits(entity, { id: '', state: 'off', attributes: '' })).toBe(false);
    expect(fits(entity, { id: '', state: 'on', attributes: 'device_class: motion' })).toBe(true);
  });
  it('asks one attribute by its name, or all of them by words', () => {
    expect(fitsAttributes(entity.attributes, 'brightness=25')).toBe(true);
    expect(fitsAttributes(entity.attributes, 'brightness: 99')).toBe(false);
    expect(fitsAttributes(entity.attributes, 'color: red')).toBe(false);
    expect(fitsAttributes(entity.attributes, 'MOTION')).toBe(true);
  });
});

describe('an action as form and YAML', () => {
  const draft = { action: 'light.turn_on', target: { entity_id: ['light.porch'] }, data: { brightness: 90, secret: 1 } };
  const service: Service = { fields: { brightness: { required: true }, more: { fields: { effect: {} } } } };
  it('says the same in both', () => {
    expect(fromDocument(toDocument(draft))).toEqual({ draft });
    expect(toDocument(EMPTY)).toEqual({ action: '' });
  });
  it('understands the former word, and an entity beside the target', () => {
    expect(fromDocument({ service: 'light.toggle', entity_id: 'light.a' })).toEqual({ draft: { action: 'light.toggle', target: { entity_id: 'light.a' }, data: {} } });
  });
  it('leaves alone what means the same in other words', () => {
    expect(means(null, EMPTY)).toBe(true);
    expect(means({ service: 'light.turn_on', entity_id: ['light.porch'], data: draft.data }, draft)).toBe(true);
    expect(means({ action: 'light.turn_off' }, draft)).toBe(false);
  });
  it('says what is wrong with it', () => {
    expect(fromDocument([1])).toEqual({ problem: 'notMap' });
    expect(fromDocument({ action: 3 })).toEqual({ problem: 'noAction' });
    expect(fromDocument({ action: 'a.b', data: [1] })).toEqual({ problem: 'data' });
    expect(fromDocument({ action: 'a.b', dat: {} })).toEqual({ problem: 'unknown' });
  });
  it('knows the fields of groups, what is missing, and what only the YAML can say', () => {
    const fields = fieldsOf(service);
    expect(fields.map((field) => field.key)).toEqual(['brightness', 'effect']);
    expect(unknownKeys(draft, fields)).toEqual(['secret']);
    expect(missing({ ...draft, data: {} }, fields).map((field) => field.key)).toEqual(['brightness']);
    expect(firstValue({ key: 'x', selector: { number: { min: 3 } } })).toBe(3);
  });
});

describe('the template that one begins with', () => {
  it('is in the language of who reads it, and its words end no text of the template', () => {
    expect(exampleOf(german.templates.sample)).toContain('die Sonne steht {{');
    expect(exampleOf(english.templates.sample)).toContain('the sun is {{');
    for (const { templates } of [german, english]) for (const word of Object.values(templates.sample)) expect(word).not.toMatch(/['{}#]/);
  });
});

describe('events', () => {
  const event = (key: number): HeardEvent => ({ key, event_type: 'call_service', data: { domain: 'light' }, origin: 'LOCAL', time_fired: '' });
  it('are so many at most, the newest first', () => {
    const heard = withHeard([event(1)], Array.from({ length: MOST }, (_each, at) => event(at + 2)));
    expect(heard).toHaveLength(MOST);
    expect(heard[0]!.key).toBe(MOST + 1);
  });
  it('are found by words of type and data', () => {
    expect(fitsEvent(event(1), 'light call')).toBe(true);
    expect(fitsEvent(event(1), 'switch')).toBe(false);
  });
});

describe('templates', () => {
  it('mark the line that the words name', () => {
    expect(mistakeOf('TemplateSyntaxError: unexpected end (line 3)').line).toBe(3);
    expect(mistakeOf('something else').line).toBe(1);
  });
  it('tell a number from a text that looks like one', () => {
    expect([written('1').kind, written(1).kind, written([1]).kind, written(null).kind, written(true).kind]).toEqual(['text', 'number', 'list', 'nothing', 'boolean']);
  });
});

describe('statistics', () => {
  it('are put right by what is to be added from an hour on', () => {
    expect(adjustment({ start: 0, end: 1, change: 500 }, 0.5)).toBe(-499.5);
    expect(remedyOf('units_changed')).toBe('unit');
    expect(remedyOf('what_is_this')).toBe('none');
  });
  it('show the hours that stand out', () => {
    const rows = [1, 1, 1.2, 900, -3].map((change, at) => ({ start: at, end: at + 1, change }));
    expect([...outliers(rows)]).toEqual([3, 4]);
  });
});
