import { expect, it } from 'vitest';
import { freeName, slug } from './names';

it('makes names that the files take', () => {
  expect(slug('Gute Nacht, Küche!')).toBe('gute_nacht_kueche');
  expect(slug('Crème brûlée')).toBe('creme_brulee');
  expect(slug('日本')).toBe('script');
});

it('takes no name that is taken or kept', () => {
  expect(freeName('Night', new Set(['night', 'night_2']))).toBe('night_3');
  expect(freeName('Toggle', new Set())).toBe('toggle_2');
});
