import { describe, expect, it } from 'vitest';
import { parseDate } from '@internationalized/date';
import { consumed, selfSufficiency, selfUse, shared, summed } from './flows';
import { type Prefs, statisticsOf } from './prefs';
import { steps } from './scale';
import { type Item, issuesOf, itemsOf, mistakeIn, prefsOf } from './setup/items';
import { amounts, changeOf, kwh } from './units';
import { bucketsOf, moved, perBucket, viewFrom } from './view';

describe('flows', () => {
  it('sell and store from the roof first; the home has the rest', () => {
    const flows = shared({ gridIn: 1, gridOut: 3, solar: 10, batteryIn: 2, batteryOut: 1 });
    expect(flows).toEqual({ solarToGrid: 3, batteryToGrid: 0, solarToBattery: 2, gridToBattery: 0, solarToHome: 5, gridToHome: 1, batteryToHome: 1 });
    expect(consumed(flows)).toBe(7);
    expect(selfSufficiency(flows)).toBeCloseTo(6 / 7);
    expect(selfUse(flows)).toBeCloseTo(0.7);
  });
  it('are never less than nothing, even where meters do not agree', () => {
    const flows = shared({ gridIn: 0, gridOut: 5, solar: 1, batteryIn: 4, batteryOut: 0 });
    expect(Math.min(...Object.values(flows))).toBeGreaterThanOrEqual(0);
    expect(selfSufficiency(summed([]))).toBeNull();
  });
});

describe('the time', () => {
  it('has 23 hours on the day when clocks go forward', () => {
    const buckets = bucketsOf({ unit: 'day', date: parseDate('2026-03-29') }, 'Europe/Berlin', 'de-DE');
    expect(buckets).toHaveLength(23);
  });
  it('goes by weeks, months and years of the calendar', () => {
    expect(bucketsOf({ unit: 'month', date: parseDate('2024-02-10') }, 'UTC', 'en-US')).toHaveLength(29);
    expect(bucketsOf({ unit: 'year', date: parseDate('2024-02-10') }, 'UTC', 'en-US')).toHaveLength(12);
    expect(moved({ unit: 'month', date: parseDate('2026-03-31') }, -1).date.toString()).toBe('2026-02-28');
  });
  it('adds up rows of several meters in their buckets', () => {
    const buckets = [{ from: 0, to: 10, index: 0 }, { from: 10, to: 20, index: 1 }];
    expect(perBucket(buckets, { a: [{ start: 0, change: 1 }, { start: 5, change: 2 }], b: [{ start: 10, change: null }, { start: 12, change: 4 }] }, ['a', 'b', 'gone'])).toEqual([3, 4]);
  });
  it('is read from the address, whatever stands there', () => {
    const view = viewFrom(new URLSearchParams('view=century&date=x'), 0, 'UTC', () => null);
    expect([view.unit, view.date.toString()]).toEqual(['day', '1970-01-01']);
  });
});

const PREFS: Prefs = {
  energy_sources: [
    { type: 'grid', flow_from: [{ stat_energy_from: 'sensor.in', number_energy_price: 0.3, stat_cost: null, entity_energy_price: null }], flow_to: [{ stat_energy_to: 'sensor.out', stat_compensation: 'sensor.paid', entity_energy_price: null, number_energy_price: null }], cost_adjustment_day: 2 },
    { type: 'solar', stat_energy_from: 'sensor.sun', config_entry_solar_forecast: ['abc'] },
    { type: 'battery', stat_energy_from: 'sensor.b_out', stat_energy_to: 'sensor.b_in' },
    { type: 'gas', stat_energy_from: 'sensor.gas', stat_cost: null, entity_energy_price: 'sensor.price', number_energy_price: null },
  ],
  device_consumption: [{ stat_consumption: 'sensor.washer', name: 'Washer', included_in_stat: 'sensor.laundry' }],
};

describe('the setup', () => {
  it('loses nothing on the way through its forms', () => {
    expect(prefsOf(itemsOf(PREFS), PREFS)).toEqual(PREFS);
  });
  it('knows what keeps an item from being saved', () => {
    const item: Item = { kind: 'battery', statistic: 'a', into: 'a' };
    expect(mistakeIn(item, [])).toBe('same');
    expect(mistakeIn({ kind: 'solar', statistic: 'a' }, [{ kind: 'solar', statistic: 'a' }])).toBe('twice');
    expect(mistakeIn({ kind: 'gridIn', statistic: 'a', pricing: { by: 'number', value: null } }, [])).toBe('noPrice');
    expect(mistakeIn({ kind: 'gridIn', statistic: 'a', pricing: { by: 'none' } }, [])).toBeNull();
  });
  it('shows what is wrong beside what it is about', () => {
    const validation = { energy_sources: [[{ type: 'entity_not_defined', affected_entities: [['sensor.in', null]] as [string, unknown][] }], []], device_consumption: [] };
    const [first, second] = itemsOf(PREFS);
    expect(issuesOf(first!, validation)).toEqual([{ type: 'entity_not_defined', id: 'sensor.in', detail: '' }]);
    expect(issuesOf(second!, validation)).toEqual([]);
  });
  it('finds the statistics of each kind', () => {
    expect(statisticsOf(PREFS)).toMatchObject({ gridIn: ['sensor.in'], gridOut: ['sensor.out'], solar: ['sensor.sun'], batteryIn: ['sensor.b_in'], batteryOut: ['sensor.b_out'], gas: ['sensor.gas'] });
  });
});

describe('numbers', () => {
  it('are written with as many digits as help', () => {
    expect(kwh(1.234, 'en')).toBe('1.23\u00a0kWh');
    expect(kwh(123.4, 'en')).toBe('123\u00a0kWh');
    expect(kwh(12_340, 'en')).toBe('12.3\u00a0MWh');
    expect(amounts([{ unit: 'm³', total: 2 }], 'water', 'gal', 'en')).toBe('528\u00a0gal');
    expect(changeOf(3, 2)).toBe(0.5);
    expect(changeOf(3, 0)).toBeNull();
  });
  it('have round steps on the axis, around zero too', () => {
    expect(steps(0, 10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(steps(-3, 7)[0]).toBeLessThanOrEqual(-3);
    expect(steps(-3, 7)).toContain(0);
    expect(steps(0, 0)).toEqual([0]);
  });
});
