export interface ConfigFile {
  path: string;
  size: number;
  modified: number;
}

export interface Folder {
  name: string;
  path: string;
  folders: Folder[];
  files: ConfigFile[];
}

/** Paths as folders in folders; `configuration.yaml` stands before everything else. */
export function treeOf(files: readonly ConfigFile[]): Folder {
  const root: Folder = { name: '', path: '', folders: [], files: [] };
  for (const file of files) {
    let here = root;
    for (const name of file.path.split('/').slice(0, -1)) {
      let next = here.folders.find((folder) => folder.name === name);
      if (!next) {
        next = { name, path: here.path ? `${here.path}/${name}` : name, folders: [], files: [] };
        here.folders.push(next);
      }
      here = next;
    }
    here.files.push(file);
  }
  root.files.sort((a, b) => Number(b.path === 'configuration.yaml') - Number(a.path === 'configuration.yaml') || a.path.localeCompare(b.path));
  return root;
}

/** Why a file cannot be called so; null: it can. */
export function whyNotNamed(path: string, taken: ReadonlySet<string>): 'ending' | 'outside' | 'taken' | null {
  if (!/\.(ya?ml|jinja)$/.test(path)) return 'ending';
  if (path.startsWith('/') || path.split('/').some((part) => part === '' || part.startsWith('.') || part.includes('\\'))) return 'outside';
  return taken.has(path) ? 'taken' : null;
}
