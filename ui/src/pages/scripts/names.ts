/** A script's name in the files, made of what it is called. */

const LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o', å: 'a', ł: 'l', đ: 'd' };
/** What the server keeps for services of all scripts. */
const RESERVED = ['reload', 'toggle', 'turn_on', 'turn_off'];

export function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[äöüßæøåłđ]/g, (letter) => LETTERS[letter] ?? letter).normalize('NFKD');
  return plain.replaceAll(/\p{M}/gu, '').replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '') || 'script';
}

export function freeName(alias: string, taken: ReadonlySet<string>): string {
  const base = slug(alias);
  let name = base;
  for (let number = 2; taken.has(name) || RESERVED.includes(name); number += 1) name = `${base}_${number}`;
  return name;
}
