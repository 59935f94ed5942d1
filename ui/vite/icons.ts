import * as mdi from '@mdi/js';
import type { Plugin } from 'vite';
import { CHUNKS, chunkOf } from '../src/data/iconNames.ts';

const PREFIX = 'virtual:icons/';

/**
 * Material Design Icons by name, in lazily loaded parts.
 *
 * `virtual:icons` is a list of loaders; the part of a name is `chunkOf(name)`. Each part is `{Account: "M12…"}`, named as
 * `@mdi/js` does without its `mdi`.
 */
export function iconChunks(): Plugin {
  const parts: Record<string, string>[] = Array.from({ length: CHUNKS }, () => ({}));
  for (const [name, path] of Object.entries(mdi)) {
    if (!name.startsWith('mdi') || typeof path !== 'string') continue;
    const short = name.slice(3);
    parts[chunkOf(short)]![short] = path;
  }
  return {
    name: 'icon-chunks',
    resolveId: (id) => (id.startsWith(PREFIX) || id === 'virtual:icons' ? `\0${id}` : undefined),
    load(id) {
      if (id === '\0virtual:icons') {
        return `export default [${parts.map((_, part) => `() => import('${PREFIX}${part}')`).join(',')}]`;
      }
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const part = parts[Number(id.slice(PREFIX.length + 1))];
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(part))})`;
    },
  };
}
