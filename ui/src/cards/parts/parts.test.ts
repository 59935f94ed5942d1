import { describe, expect, it } from 'vitest';
import { keyed, nearest, valueAt } from '@/components/level';
import type { Entity } from '@/data/types';
import { ofEntity, pictureOf, sourceOf } from '@/lovelace/images';
import { factsOf, meanOf } from './areaFacts';
import { fitting, LEVELS, usual, withTypes } from './levels';
import { ratioOf } from './ratio';

const ORIGIN = 'http://home.local:8123';

function entity(entity_id: string, state = 'on', attributes: Entity['attributes'] = {}): Entity {
  return { entity_id, state, attributes, lastChanged: 0, lastUpdated: 0, context: { id: '' } };
}

describe('sliding', () => {
  it('takes what can be set, without binary dust, and ends at the ends', () => {
    const heat = { min: 7, max: 35, step: 0.5 };
    expect([valueAt(0.5, heat), valueAt(-1, heat), valueAt(2, heat), nearest(19.3, heat)]).toEqual([21, 7, 35, 19.5]);
    expect(nearest(0.1 + 0.2, { min: 0, max: 1, step: 0.1 })).toBe(0.3);
    expect(nearest(70, { min: 0, max: 100, step: 33.333333333333336 })).toBe(66.666667);
    expect(['ArrowUp', 'PageDown', 'End', 'x'].map((key) => keyed(key, 21, heat))).toEqual([21.5, 16, 35, null]);
  });

  it('is offered by what an entity can', () => {
    const dimmer = entity('light.a', 'on', { supported_color_modes: ['brightness'], brightness: 128 });
    expect([fitting(dimmer), fitting(entity('light.b', 'on', { supported_color_modes: ['onoff'] })), fitting(entity('light.c'))]).toEqual([['light-brightness'], [], []]);
    expect([usual(dimmer), usual(entity('fan.f', 'on', { supported_features: 1 }))]).toEqual(['light-brightness', null]);
    expect(LEVELS.get('light-brightness')!.value(dimmer)).toBe(50);
    expect(LEVELS.get('light-brightness')!.call(0, dimmer)).toEqual(['turn_off', {}]);
    expect(LEVELS.get('media-player-volume-slider')!.call(35, dimmer)).toEqual(['volume_set', { volume_level: 0.35 }]);
  });

  it('keeps what others stored', () => {
    const before = [{ type: 'light-brightness', style: 'x' }, { type: 'custom:more' }];
    expect(withTypes(before, ['light-brightness', 'light-color-temp'])).toEqual([...before, { type: 'light-color-temp' }]);
    expect(withTypes(before, [])).toEqual([{ type: 'custom:more' }]);
    expect(withTypes('nonsense', [])).toBeUndefined();
  });
});

describe('pictures', () => {
  it('come from this server alone', () => {
    const kinds = ['/local/a.png', `${ORIGIN}/local/a.png`, 'data:image/png;base64,AA', 'media-source://x/y', 'https://elsewhere.org/a.png', '//elsewhere.org/a.png', '/\\elsewhere.org', 'javascript:alert(1)', 'data:text/html,x', '', 7, null]
      .map((value) => sourceOf(value, ORIGIN)?.kind ?? null);
    expect(kinds).toEqual(['url', 'url', 'url', 'media', 'foreign', 'foreign', 'foreign', null, null, null, null, null]);
    expect(sourceOf({ media_content_id: 'media-source://a/b' }, ORIGIN)).toEqual({ kind: 'media', id: 'media-source://a/b' });
  });

  it('are the state’s, the camera’s, the image’s, the entity’s', () => {
    const config = { type: 'picture-entity', entity: 'camera.door', image: '/local/a.png', state_image: { on: '/local/on.png' } };
    expect(pictureOf(config, entity('light.a', 'on'), ORIGIN)).toEqual({ kind: 'url', url: '/local/on.png' });
    expect(pictureOf(config, entity('light.a', 'off'), ORIGIN)).toEqual({ kind: 'url', url: '/local/a.png' });
    expect(pictureOf({ type: 'x', entity: 'camera.door', camera_view: 'live' }, undefined, ORIGIN)).toEqual({ kind: 'camera', entityId: 'camera.door', live: true });
    expect([ofEntity('light.a'), ofEntity('person.ann')?.kind]).toEqual([null, 'entity']);
  });

  it('have the proportions that people write', () => {
    expect(['16:9', '4x3', '1.5', '50%', 2, '0:9', 'wide', undefined].map(ratioOf)).toEqual(['16 / 9', '4 / 3', '1.5', '100 / 50', '2', undefined, undefined, undefined]);
  });
});

describe('an area', () => {
  it('has what is for everybody, by kind', () => {
    const all = [entity('light.a'), entity('light.setup'), entity('switch.b'), entity('sensor.t', '20', { device_class: 'temperature' }), entity('binary_sensor.m', 'on', { device_class: 'motion' }), entity('camera.c')];
    const entry = { entity_id: 'light.setup', platform: 'x', name: null, icon: null, area_id: null, device_id: null, labels: [], hidden: false, category: 'config' as const, translation_key: null, precision: null };
    const facts = factsOf(all.map((each) => each.entity_id), (id) => all.find((each) => each.entity_id === id), new Map([['light.setup', entry]]));
    expect(facts.controls).toEqual({ light: ['light.a'], switch: ['switch.b'], fan: [] });
    expect([...facts.sensors, ...facts.alerts]).toEqual([['temperature', ['sensor.t']], ['motion', ['binary_sensor.m']]]);
    expect(facts.cameras).toEqual(['camera.c']);
  });

  it('is as warm as its thermometers that work', () => {
    const t = (state: string, unit = '°C') => entity('sensor.t', state, { unit_of_measurement: unit });
    expect(meanOf([t('20'), t('unavailable'), undefined, t('22'), t('70', '°F')])).toEqual({ value: 21, unit: '°C', of: ['sensor.t', 'sensor.t'] });
    expect(meanOf([t('unknown'), t('')])).toBeNull();
  });
});
