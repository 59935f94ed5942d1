import { readFileSync } from 'node:fs';
import * as mdi from '@mdi/js';
import type { Plugin } from 'vite';
import { CHUNKS, chunkOf, packageName } from '../src/data/iconNames.ts';

const PREFIX = 'virtual:icons/';

/**
 * Material Design Icons by name, in lazily loaded parts.
 *
 * `virtual:icons` is a list of loaders; the part of a name is `chunkOf(name)`. Each part is `{Account: "M12…"}`, named as
 * `@mdi/js` does without its `mdi`. `virtual:icons/usual` holds those that the server gives to entities by itself, since a
 * page shows dozens of them at once.
 *
 * @param table the server's table of icons, a JSON file.
 */
export function iconChunks(table: string): Plugin {
  const parts: Record<string, string>[] = Array.from({ length: CHUNKS }, () => ({}));
  for (const [name, path] of Object.entries(mdi)) {
    if (!name.startsWith('mdi') || typeof path !== 'string') continue;
    const short = name.slice(3);
    parts[chunkOf(short)]![short] = path;
  }
  const usual: Record<string, string> = {};
  const domains = JSON.parse(readFileSync(table, 'utf8')) as Record<string, { entity_component?: unknown }>;
  for (const { entity_component: icons } of Object.values(domains)) {
    for (const [, name] of (JSON.stringify(icons) ?? '').matchAll(/"mdi:([a-z0-9-]+)"/g)) {
      const short = packageName(name!);
      const path = parts[chunkOf(short)]![short];
      if (path) usual[short] = path;
    }
  }
  return {
    name: 'icon-chunks',
    resolveId: (id) => (id.startsWith(PREFIX) || id === 'virtual:icons' ? `\0${id}` : undefined),
    load(id) {
      if (id === '\0virtual:icons') {
        return `export default [${parts.map((_, part) => `() => import('${PREFIX}${part}')`).join(',')}]`;
      }
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const which = id.slice(PREFIX.length + 1);
      const part = which === 'usual' ? usual : parts[Number(which)];
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(part))})`;
    },
  };
}
