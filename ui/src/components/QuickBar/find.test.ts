import { describe, expect, it } from 'vitest';
import { best, type Item, plain } from './find';

const item = (kind: Item['kind'], name: string, more = '') => ({ id: `${kind} ${name}`, kind, name, more, key: plain(name), rest: plain(more) });
const items = [item('entity', 'Kitchen light', 'light.kitchen'), item('entity', 'Light of the kitchen cupboard'), item('area', 'Kitchen'), item('device', 'Küche', 'Acme'), item('page', 'Automations'), item('entity', 'Thekitchen')];
const names = (typed: string, most = 10) => best(items, typed, most).map((each) => each.name);

describe('the quick bar', () => {
  it('has the whole name first, then its beginning, then a word of it', () => {
    expect(names('kitchen')).toEqual(['Kitchen', 'Kitchen light', 'Light of the kitchen cupboard', 'Thekitchen']);
  });
  it('wants every word, wherever it stands, and finds ids and accents', () => {
    expect(names('light kitch')).toEqual(['Kitchen light', 'Light of the kitchen cupboard']);
    expect(names('kuche')).toEqual(['Küche']);
    expect(names('light.kit')).toEqual(['Kitchen light']);
    expect(names('kitchen zebra')).toEqual([]);
    expect(names('  ')).toEqual([]);
  });
  it('keeps the best of many', () => {
    const many = [...Array.from({ length: 5000 }, (_, at) => item('entity', `A lamp ${at}`)), item('area', 'Lamp')];
    expect(best(many, 'lamp', 3)[0]?.name).toBe('Lamp');
    expect(best(many, 'lamp', 3)).toHaveLength(3);
  });
});
