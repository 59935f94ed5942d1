import { describe, expect, it } from 'vitest';
import { beginning, type FlowField, flowText, missing, selectorOf, toSend } from './configFlow';

const fields: FlowField[] = [
  { name: 'name', required: true, selector: { text: {} } },
  { name: 'entities', required: true, selector: { entity: { multiple: true } } },
  { name: 'hide', required: true, default: false, selector: { boolean: {} } },
  { name: 'round', required: true, default: 2, selector: { number: { min: 0 } } },
  { name: 'more', schema: [{ name: 'unit', required: true, type: 'string' }, { name: 'note', optional: true, description: { suggested_value: 'x' }, type: 'string' }] },
];

describe('the form of a flow', () => {
  it('begins with what is suggested or usual', () => {
    expect(beginning(fields)).toEqual({ hide: false, round: 2, more: { note: 'x' } });
  });

  it('says what is still needed, in groups too; zero and off are answers', () => {
    expect(missing(fields, { name: '', entities: [], hide: false, round: 0, more: {} })).toEqual(['name', 'entities', 'more.unit']);
    expect(missing(fields, { name: 'a', entities: ['light.a'], round: 0, more: { unit: 'm' } })).toEqual([]);
  });

  it('sends no empty fields, but switches that were left off', () => {
    expect(toSend(fields, { name: 'a', entities: ['light.a'], round: 0, more: { unit: '', note: 'y' } })).toEqual({ name: 'a', entities: ['light.a'], hide: false, round: 0, more: { note: 'y' } });
  });

  it('has choices in words', () => {
    const texts = { 'component.derivative.selector.time_unit.options.h': 'Hours' };
    expect(selectorOf({ name: 'u', selector: { select: { translation_key: 'time_unit', options: ['h', 'd'] } } }, 'derivative', texts)).toEqual({
      select: { translation_key: 'time_unit', options: [{ value: 'h', label: 'Hours' }, { value: 'd', label: 'd' }] },
    });
    expect(selectorOf({ name: 'p', type: 'select', options: [['a', 'A']] }, 'x', {})).toEqual({ select: { options: [{ value: 'a', label: 'A' }] } });
    expect(selectorOf({ name: 'password', type: 'string' }, 'x', {})).toEqual({ text: { type: 'password' } });
  });

  it('fills placeholders in, and leaves what it does not know', () => {
    expect(flowText({ k: 'Found {name} at {ip}' }, 'k', { name: 'Lamp' })).toBe('Found Lamp at {ip}');
    expect(flowText({}, 'k')).toBeUndefined();
  });
});
