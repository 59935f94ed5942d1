import { describe, expect, it } from 'vitest';
import type { Area, Entity, EntityEntry } from '@/data/types';
import { type Condition, entitiesOf, holds } from './conditions';
import { generate, nameIn } from './generate';
import * as model from './model';
import type { DashboardConfig } from './types';

function entity(entity_id: string, state = 'off', attributes: Entity['attributes'] = {}): Entity {
  return { entity_id, state, attributes, lastChanged: 0, lastUpdated: 0, context: { id: '' } };
}

function entry(entity_id: string, more: Partial<EntityEntry> = {}): [string, EntityEntry] {
  return [entity_id, { entity_id, platform: 'mqtt', name: null, icon: null, area_id: null, device_id: null, labels: [], hidden: false, category: null, translation_key: null, precision: null, ...more }];
}

const kitchen: Area = { area_id: 'kitchen', name: 'Kitchen', floor_id: null, icon: 'mdi:stove', picture: null, labels: [], aliases: [] };

describe('the dashboard that makes itself', () => {
  it('has a section for each area that has something, and one a kind for the rest', () => {
    const { views } = generate(
      {
        entities: [
          entity('light.kitchen', 'on', { friendly_name: 'Kitchen Ceiling' }),
          entity('sensor.kitchen_t', '20', { device_class: 'temperature' }),
          entity('sensor.kitchen_signal', '-60', { device_class: 'signal_strength' }),
          entity('light.hidden'),
          entity('switch.setup'),
          entity('lock.door'),
          entity('person.ann', 'home'),
          entity('automation.x', 'on'),
        ],
        entries: new Map([
          entry('light.kitchen', { area_id: 'kitchen' }),
          entry('sensor.kitchen_t', { area_id: 'kitchen' }),
          entry('light.hidden', { area_id: 'kitchen', hidden: true }),
          entry('switch.setup', { area_id: 'kitchen', category: 'config' }),
        ]),
        devices: new Map(),
        areas: new Map([['kitchen', kitchen], ['empty', { ...kitchen, area_id: 'empty', name: 'Empty' }]]),
        floors: new Map(),
      },
      (key) => key,
    );
    const sections = views[0]!.sections!;
    expect(sections.map((section) => section.cards[0]!.heading)).toEqual(['Kitchen', 'security']);
    expect(sections[0]!.cards.slice(1)).toEqual([{ type: 'tile', entity: 'light.kitchen', name: 'Ceiling' }]);
    expect(sections[0]!.cards[0]!.badges).toEqual([{ type: 'entity', entity: 'sensor.kitchen_t' }]);
    expect(views[0]!.badges).toEqual([{ type: 'entity', entity: 'person.ann' }]);
  });

  it('shortens names by the name of the room, never to nothing', () => {
    expect([nameIn('Kitchen', 'Kitchen ceiling'), nameIn('Kitchen', 'Kitchen'), nameIn('Kit', 'Kitchen'), nameIn('', undefined)]).toEqual(['Ceiling', undefined, undefined, undefined]);
  });
});

describe('changing a dashboard', () => {
  const config: DashboardConfig = {
    views: [
      { cards: [{ type: 'a' }, { type: 'b' }, { type: 'c' }] },
      { type: 'sections', sections: [{ cards: [{ type: 'x' }] }, { cards: [] }] },
    ],
  };
  const types = (path: model.ListPath, of = config) => model.listOf(of, path).map((card) => card.type).join('');
  const main = { view: 0, section: null };

  it('moves cards within a list and between lists, and leaves the former one as it was', () => {
    expect(types(main, model.moveCard(config, { ...main, card: 0 }, { ...main, card: 2 }))).toBe('bca');
    expect(types(main, model.moveCard(config, { ...main, card: 2 }, { ...main, card: 0 }))).toBe('cab');
    const over = model.moveCard(config, { ...main, card: 1 }, { view: 1, section: 1, card: 0 });
    expect([types(main, over), types({ view: 1, section: 1 }, over), types(main)]).toEqual(['ac', 'b', 'abc']);
  });

  it('adds, changes, doubles and removes', () => {
    expect(types(main, model.addCard(config, main, { type: 'd' }))).toBe('abcd');
    expect(types(main, model.setCard(config, { ...main, card: 1 }, { type: 'z' }))).toBe('azc');
    expect(types(main, model.duplicateCard(config, { ...main, card: 1 }))).toBe('abbc');
    expect(types(main, model.removeCard(config, { ...main, card: 0 }))).toBe('bc');
    expect(model.removeView(config, 0).views).toHaveLength(1);
    expect(types({ view: 1, section: 0 }, model.moveSection(config, 1, 0, 1))).toBe('');
  });

  it('takes the cards along when the layout is another', () => {
    const sections = model.setView(config, 0, { type: 'sections' });
    expect(types({ view: 0, section: 0 }, sections)).toBe('abc');
    expect(types({ view: 1, section: null }, model.setView(config, 1, { type: 'masonry' }))).toBe('x');
  });

  it('says where a typed configuration is wrong', () => {
    expect(model.problemOf(config)).toBeNull();
    expect(model.problemOf([])).toBe('views:');
    expect(model.problemOf({ views: [{ cards: [{ type: 'a' }, { entity: 'b' }] }] })).toBe('views[0].cards[1].type');
    expect(model.problemOf({ views: [null] })).toBe('views[0]');
    expect(model.problemOf({ views: [{ sections: [{ cards: {} }] }] })).toBe('views[0].sections[0].cards');
    expect(model.problemOf({ strategy: { type: 'original-states' } })).toBeNull();
  });
});

describe('conditions', () => {
  const states = new Map([entity('light.a', 'on'), entity('sensor.t', '21.5'), entity('input_number.limit', '20')].map((each) => [each.entity_id, each]));
  const check = (condition: Condition) => holds(condition, (id) => states.get(id), 'ann', (query) => query === 'wide');

  it.each<[Condition, boolean]>([
    [{ entity: 'light.a', state: 'on' }, true],
    [{ condition: 'state', entity: 'light.a', state: ['off', 'on'] }, true],
    [{ condition: 'state', entity: 'light.a', state_not: 'on' }, false],
    [{ condition: 'state', entity: 'light.gone', state: 'on' }, false],
    [{ condition: 'numeric_state', entity: 'sensor.t', above: 20, below: 22 }, true],
    [{ condition: 'numeric_state', entity: 'sensor.t', below: 'input_number.limit' }, false],
    [{ condition: 'numeric_state', entity: 'light.a', above: 1 }, false],
    [{ condition: 'user', users: ['ann'] }, true],
    [{ condition: 'screen', media_query: 'wide' }, true],
    [{ condition: 'not', conditions: [{ entity: 'light.a', state: 'on' }] }, false],
    [{ condition: 'or', conditions: [{ condition: 'and', conditions: [] }] }, true],
    [{ condition: 'of another time' }, false],
  ])('%j is %s', (condition, expected) => {
    expect(check(condition)).toBe(expected);
  });

  it('know what they look at', () => {
    expect(entitiesOf([{ condition: 'or', conditions: [{ entity: 'a.b', above: 'c.d', below: 3 }] }])).toEqual(['a.b', 'c.d']);
  });
});
