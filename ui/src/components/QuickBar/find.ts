/** What fits a few typed letters best. Pure. */

export interface Item {
  id: string;
  kind: 'page' | 'area' | 'device' | 'automation' | 'entity';
  name: string;
  /** Shown below, and searched, too. */
  more: string;
}

const KINDS: readonly Item['kind'][] = ['page', 'area', 'automation', 'device', 'entity'];

/** Lower-case, without accents: "Küche" is found by "kuche". */
export const plain = (text: string): string => text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

/** How well a name fits: 0 not at all; whole, beginning, beginning of a word, inside. */
export function score(name: string, more: string, words: readonly string[]): number {
  let sum = 0;
  for (const word of words) {
    const at = name.indexOf(word);
    const inside = at === 0 ? (name.length === word.length ? 40 : 20) : at > 0 ? (/[\s_.:-]/.test(name[at - 1]!) ? 12 : 5) : more.includes(word) ? 2 : 0;
    if (inside === 0) return 0;
    sum += inside;
  }
  return sum;
}

/** The best `most` of them, without sorting all that fit. */
export function best(items: readonly (Item & { key: string; rest: string })[], typed: string, most: number): Item[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: { item: Item; points: number }[] = [];
  let least = 0;
  for (const item of items) {
    const points = score(item.key, item.rest, words);
    if (points === 0 || (found.length >= most * 4 && points <= least)) continue;
    found.push({ item, points });
    if (found.length >= most * 8) {
      found.sort((a, b) => b.points - a.points);
      found.length = most * 4;
      least = found.at(-1)!.points;
    }
  }
  return found
    .sort((a, b) => b.points - a.points || KINDS.indexOf(a.item.kind) - KINDS.indexOf(b.item.kind) || a.item.name.length - b.item.name.length || (a.item.name < b.item.name ? -1 : 1))
    .slice(0, most)
    .map((each) => each.item);
}
