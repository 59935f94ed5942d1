/** What differs between two texts, line by line. */

export interface DiffLine {
  kind: 'same' | 'mine' | 'theirs' | 'skipped';
  text: string;
}

/** Beyond so many comparisons the differing middle is shown as one block: the page must not stand still. */
const MOST = 4_000_000;
const CONTEXT = 3;

/** `theirs` are lines that stand only in the first text, `mine` those of the second. */
export function diffLines(theirs: string, mine: string): DiffLine[] {
  const [a, b] = [theirs.split('\n'), mine.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const same = (lines: string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return [...same(a.slice(0, start)), ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)), ...same(a.slice(a.length - end))];
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const only = (kind: DiffLine['kind'], lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind, text }));
  if (a.length * b.length > MOST || a.length === 0 || b.length === 0) return [...only('theirs', a), ...only('mine', b)];
  // The longest common subsequence, from the end.
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1]! + 1 : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i]! });
      i += 1;
      j += 1;
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) {
      found.push({ kind: 'theirs', text: a[i]! });
      i += 1;
    } else {
      found.push({ kind: 'mine', text: b[j]! });
      j += 1;
    }
  }
  return [...found, ...only('theirs', a.slice(i)), ...only('mine', b.slice(j))];
}

/** The differences with a few lines around them; what is left out becomes one `skipped` line with the number of lines. */
export function withContext(lines: readonly DiffLine[], context = CONTEXT): DiffLine[] {
  const near = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    for (let at = Math.max(0, index - context); at <= Math.min(lines.length - 1, index + context); at += 1) near[at] = true;
  });
  const shown: DiffLine[] = [];
  let skipped = 0;
  lines.forEach((line, index) => {
    if (!near[index]) {
      skipped += 1;
      return;
    }
    if (skipped) shown.push({ kind: 'skipped', text: String(skipped) });
    skipped = 0;
    shown.push(line);
  });
  if (skipped) shown.push({ kind: 'skipped', text: String(skipped) });
  return shown;
}
