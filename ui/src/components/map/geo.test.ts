import { describe, expect, it } from 'vitest';
import { distance, fit, fromScreen, lengthOf, metresPerPixel, moved, project, roundLength, spread, toScreen, unproject, windOf, zoomed } from './geo';

const BERLIN = { latitude: 52.52, longitude: 13.405 };
const HAMBURG = { latitude: 53.5511, longitude: 9.9937 };
const SIZE = { width: 400, height: 300 };

describe('a map', () => {
  it('finds back what it has drawn', () => {
    const back = unproject(project(BERLIN, 12), 12);
    expect([back.latitude, back.longitude].map((each) => each.toFixed(6))).toEqual(['52.520000', '13.405000']);
    const view = { ...HAMBURG, zoom: 9 };
    const again = fromScreen(toScreen(BERLIN, view, SIZE), view, SIZE);
    expect(again.latitude).toBeCloseTo(52.52, 6);
    expect(again.longitude).toBeCloseTo(13.405, 6);
  });

  it('is to scale', () => {
    const view = { ...BERLIN, zoom: 15 };
    const east = fromScreen({ x: 300, y: 150 }, view, SIZE);
    expect(distance(BERLIN, east) / (100 * metresPerPixel(52.52, 15))).toBeCloseTo(1, 2);
    expect(distance(BERLIN, HAMBURG) / 1000).toBeCloseTo(255, 0);
  });

  it('is moved and zoomed around the place under the pointer', () => {
    const view = { ...BERLIN, zoom: 10 };
    const at = { x: 90, y: 40 };
    const place = fromScreen(at, view, SIZE);
    const near = toScreen(place, zoomed(view, 2.5, at, SIZE), SIZE);
    expect([near.x, near.y].map(Math.round)).toEqual([90, 40]);
    const shifted = toScreen(BERLIN, moved(view, 30, -20), SIZE);
    expect([shifted.x, shifted.y].map(Math.round)).toEqual([230, 130]);
    expect(zoomed(view, 99, at, SIZE).zoom).toBe(20);
  });

  it('shows all that there is, also across the date line, and not too near', () => {
    expect(fit([], SIZE, 17)).toBeNull();
    expect(fit([{ ...BERLIN, radius: 0 }], SIZE, 16)!.zoom).toBe(16);
    const both = fit([{ ...BERLIN, radius: 500 }, { ...HAMBURG, radius: 500 }], SIZE, 17)!;
    for (const place of [BERLIN, HAMBURG]) {
      const { x, y } = toScreen(place, both, SIZE);
      expect(x).toBeGreaterThan(20);
      expect(x).toBeLessThan(380);
      expect(y).toBeGreaterThan(20);
      expect(y).toBeLessThan(280);
    }
    const fiji = fit([{ latitude: -17, longitude: 179, radius: 0 }, { latitude: -17, longitude: -179, radius: 0 }], SIZE, 17)!;
    expect(Math.abs(fiji.longitude)).toBeCloseTo(180, 3);
    expect(fiji.zoom).toBeGreaterThan(5);
  });

  it('says lengths and directions as people do', () => {
    expect([lengthOf(750, false), lengthOf(2500, false), lengthOf(100, true), lengthOf(3218.688, true)].map(({ value, unit }) => `${Math.round(value * 10) / 10} ${unit}`)).toEqual(['750 m', '2.5 km', '328.1 ft', '2 mi']);
    expect([roundLength(999, false), roundLength(2400, false), roundLength(0.7, false), roundLength(2000, true), roundLength(200, true)].map(({ value, unit }) => `${value} ${unit}`)).toEqual(['500 m', '2 km', '0.5 m', '1 mi', '500 ft']);
    expect([windOf(BERLIN, HAMBURG), windOf(HAMBURG, BERLIN), windOf(BERLIN, { ...BERLIN, latitude: 60 })]).toEqual(['nw', 'se', 'n']);
  });

  it('puts beside each other what would cover each other, and counts a crowd', () => {
    const at = (id: string, x: number, y: number) => ({ id, x, y });
    const [pair, alone] = spread([at('a', 100, 100), at('b', 102, 101), at('c', 300, 100)]);
    expect(pair!.members.map((each) => each.id)).toEqual(['a', 'b']);
    expect(Math.hypot(pair!.members[0]!.x - pair!.members[1]!.x, pair!.members[0]!.y - pair!.members[1]!.y)).toBeGreaterThanOrEqual(40);
    expect(alone!.members).toEqual([at('c', 300, 100)]);
    expect(spread(Array.from({ length: 9 }, (_, index) => at(String(index), 50, 50)))[0]!.crowd).toBe(true);
  });
});
