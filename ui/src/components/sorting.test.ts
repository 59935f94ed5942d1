import { describe, expect, it } from 'vitest';
import { compareValues, sortBy } from './sorting';

const PIECES = ['Kitchen', 'kitchen', 'Küche', 'lamp', 'Lamp', '1', '2', '10', '007', '7', ' ', ' ', '-', '_', '.', '(', ')', 'é', 'Z', 'a', 'B', '#', '/', "'", '+', '°C', '0', '00'];

/** The same numbers each time. */
function dice(): (below: number) => number {
  let seed = 7;
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
}

describe.each(['en', 'de'])('sorting in %s', (language) => {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const asAsked = (names: readonly (string | number | null)[], descending: boolean) => {
    const sign = descending ? -1 : 1;
    return names.map((name, at) => ({ name, at })).sort((a, b) => sign * compareValues(a.name, b.name, collator)).map(({ at }) => at);
  };
  const quickly = (names: readonly (string | number | null)[], descending: boolean) =>
    sortBy(names.map((name, at) => ({ name, at })), ({ name }) => name, descending, collator).map(({ at }) => at);

  it('is that of the collator, whatever names are made of', () => {
    const roll = dice();
    for (let round = 0; round < 60; round += 1) {
      const allowed = round % 3 === 0 ? PIECES : PIECES.filter((piece) => piece !== '°C');
      const names = Array.from({ length: 60 }, () => Array.from({ length: roll(5) }, () => allowed[roll(allowed.length)]!).join(''));
      expect(quickly(names, false)).toEqual(asAsked(names, false));
      expect(quickly(names, true)).toEqual(asAsked(names, true));
    }
  });

  it('knows every sign of the keyboard', () => {
    const signs = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
    const pairs = signs.flatMap((sign) => [`${sign}b`, `${sign}1`, `a${sign}`]);
    expect(quickly(pairs, false)).toEqual(asAsked(pairs, false));
  });

  it('takes numbers and what is missing', () => {
    const mixed = [3, null, 'b', 12, 'a', '', 2];
    expect(quickly(mixed, false)).toEqual(asAsked(mixed, false));
    expect(quickly([3, null, 1, 20], true)).toEqual(asAsked([3, null, 1, 20], true));
  });
});
