import { afterEach, describe, expect, it } from 'vitest';
import { setHomeZone } from './formats';
import type { Entity } from './types';
import { stateWords } from './words';

const entity = (entity_id: string, attributes: Record<string, unknown> = {}) => ({ entity_id, state: '', attributes }) as unknown as Entity;
const words = (id: string, state: string, attributes?: Record<string, unknown>) => stateWords(entity(id, attributes), {}, 'en', undefined, state);

afterEach(() => setHomeZone(''));

describe.each(['America/Denver', 'Pacific/Auckland', ''])('times in a home in "%s"', (zone) => {
  it('that have no time zone are what a clock shows', () => {
    setHomeZone(zone);
    expect(words('input_datetime.alarm', '05:30:00')).toMatch(/^5:30\sAM$/);
    expect(words('input_datetime.trip', '2026-01-31 23:15:00')).toMatch(/^Jan 31, 2026, 11:15\sPM$/);
    expect(words('date.bin', '2026-01-31')).toBe('Jan 31, 2026');
    expect(words('sensor.birthday', '2026-01-31', { device_class: 'date' })).toBe('Jan 31, 2026');
  });
});

it('a moment is written by the home’s clocks', () => {
  setHomeZone('America/Denver');
  expect(words('datetime.departure', '2026-01-31T12:00:00+00:00')).toMatch(/^Jan 31, 2026, 5:00\sAM$/);
});
