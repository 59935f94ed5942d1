/** Texts that were typed and not saved, kept in this browser: a closed tab or a lost connection takes nothing away. */

const BEFORE = 'marge_file ';

export interface Draft {
  text: string;
  /** Of what the text was begun with. */
  digest: string;
}

export function readDraft(path: string): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(BEFORE + path) ?? 'null') as Partial<Draft> | null;
    return typeof found?.text === 'string' && typeof found.digest === 'string' ? { text: found.text, digest: found.digest } : null;
  } catch {
    return null;
  }
}

export function keepDraft(path: string, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(BEFORE + path, JSON.stringify(draft));
    else localStorage.removeItem(BEFORE + path);
  } catch {
    // The browser's storage is full or off: the text is still in the editor.
  }
}

export function pathsWithDrafts(): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < localStorage.length; at += 1) {
    const key = localStorage.key(at);
    if (key?.startsWith(BEFORE)) found.add(key.slice(BEFORE.length));
  }
  return found;
}
