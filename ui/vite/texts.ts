import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = '\0virtual:texts/';
/** Namespaces that every page needs: one folder of `src/` each. */
const BASE = ['app', 'components', 'domains', 'cards'];

type Texts = Record<string, unknown>;

function read(file: string): Texts {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Texts) : {};
}

/** `virtual:texts/<language>`: the base namespaces in one file, and `titles`: the `title` of each page's own texts. */
export function baseTexts(source: string): Plugin {
  return {
    name: 'base-texts',
    resolveId: (id) => (id.startsWith('virtual:texts/') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const language = id.slice(PREFIX.length);
      const titles: Texts = {};
      for (const page of readdirSync(join(source, 'pages')).sort()) {
        const file = join(source, 'pages', page, 'locales', `${language}.json`);
        if (!existsSync(file)) continue;
        this.addWatchFile(file);
        titles[page] = read(file).title;
      }
      const all: Texts = { titles };
      for (const name of BASE) {
        const file = join(source, name, 'locales', `${language}.json`);
        if (existsSync(file)) this.addWatchFile(file);
        all[name] = read(file);
      }
      return `export default ${JSON.stringify(all)}`;
    },
  };
}
