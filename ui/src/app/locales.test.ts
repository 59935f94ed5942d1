import { describe, expect, it } from 'vitest';
import { LANGUAGES } from './i18n';

type Texts = { [key: string]: string | Texts };
const files = import.meta.glob<Texts>(['../*/locales/*.json', '../pages/*/locales/*.json'], { eager: true, import: 'default' });

function flat(texts: Texts, before = ''): Map<string, string> {
  return new Map(Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value] as const] : [...flat(value, `${before}${key}.`)])));
}

const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map((each) => each[1]).sort();

describe('texts', () => {
  for (const [file, english] of Object.entries(files).filter(([name]) => name.endsWith('/en.json'))) {
    for (const language of Object.keys(LANGUAGES).filter((each) => each !== 'en')) {
      it(`${file.replace('/en.json', '')} say the same in ${language}`, () => {
        const other = files[file.replace('/en.json', `/${language}.json`)];
        expect(other, 'the file').toBeDefined();
        const [ours, theirs] = [flat(english), flat(other!)];
        expect([...theirs.keys()].map(plain).sort()).toEqual(expect.arrayContaining([...new Set([...ours.keys()].map(plain))]));
        expect([...theirs.keys()].filter((key) => ![...ours.keys()].map(plain).includes(plain(key)))).toEqual([]);
        for (const [key, text] of ours) if (theirs.has(key)) expect(placeholders(theirs.get(key)!), key).toEqual(placeholders(text));
      });
    }
  }

  it('speak to people in German as one does to strangers, on every page', () => {
    const familiar = Object.entries(files)
      .filter(([file]) => file.endsWith('/de.json'))
      .flatMap(([file, texts]) => [...flat(texts)].filter(([, text]) => /\b(du|dir|dich|dein(e[nmrs]?)?)\b/i.test(text)).map(([key]) => `${file} ${key}`));
    expect(familiar).toEqual([]);
  });
});
