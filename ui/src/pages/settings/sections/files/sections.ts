/** Which parts of the configuration a changed text touches: what has to be read again after it was saved. */

/** The files to which the usual configuration gives a section of its own. */
const OWN_FILES: Record<string, string> = { 'automations.yaml': 'automation', 'scripts.yaml': 'script', 'scenes.yaml': 'scene' };

/** The text of each top-level key, without a label (`automation second:` is `automation`). */
export function blocksOf(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  let name = '';
  for (const line of text.split('\n')) {
    const key = /^([a-z0-9_]+)(?: [^:]*)?:(?:\s|$)/.exec(line)?.[1];
    if (key) name = key;
    if (name && !/^\s*(#.*)?$/.test(line)) blocks.set(name, `${blocks.get(name) ?? ''}${line}\n`);
  }
  return blocks;
}

/** The sections that differ; null: what the file belongs to is not known (it is included from somewhere). */
export function changedSections(path: string, before: string, after: string): string[] | null {
  const own = OWN_FILES[path];
  if (own) return [own];
  if (path !== 'configuration.yaml') return null;
  const [old, now] = [blocksOf(before), blocksOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name)).sort();
}

export type Following = { is: 'nothing' } | { is: 'reload'; domains: string[] } | { is: 'all' } | { is: 'restart'; sections: string[] };

/** What to do after a save. `canReload`: whether a section can be read again while the home runs. */
export function whatFollows(changed: string[] | null, canReload: (section: string) => boolean): Following {
  if (changed === null) return { is: 'all' };
  if (changed.length === 0) return { is: 'nothing' };
  const fixed = changed.filter((section) => !canReload(section));
  return fixed.length ? { is: 'restart', sections: fixed } : { is: 'reload', domains: changed };
}
