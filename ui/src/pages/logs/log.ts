/** What the log has gathered, filtered; and lines of text with their level. Pure. */

export interface Problem {
  name: string;
  message: string[];
  level: string;
  source: [string, number];
  /** Seconds. */
  timestamp: number;
  first_occurred: number;
  exception: string;
  count: number;
}

export const LEVELS = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'] as const;
export type Level = (typeof LEVELS)[number];

export const keyOf = (problem: Problem): string => `${problem.name} ${problem.source.join(':')} ${problem.exception.split('\n').at(-1)} ${problem.first_occurred}`;

const words = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);

export function fits(problem: Problem, levels: ReadonlySet<string>, search: string): boolean {
  if (levels.size && !levels.has(problem.level)) return false;
  const text = [problem.name, ...problem.message, problem.source.join(':'), problem.exception].join('\n').toLowerCase();
  return words(search).every((word) => text.includes(word));
}

export interface Line {
  /** null: it goes on from the line before (a stack). */
  level: Level | null;
  text: string;
}

/** Lines of a log as the server writes them: `<time> ERROR [logger] …`. */
export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line, index, all) => line !== '' || index < all.length - 1)
    .map((line) => {
      const level = /^\S+ (CRITICAL|ERROR|WARNING|INFO|DEBUG) /.exec(line)?.[1] as Level | undefined;
      return { level: level ?? null, text: line };
    });
}

/** Those that fit, with what goes on from them. */
export function fitting(lines: readonly Line[], levels: ReadonlySet<string>, search: string): Line[] {
  const found: Line[] = [];
  const wanted = words(search);
  let block: Line[] = [];
  const close = () => {
    const head = block[0];
    if (!head) return;
    const text = block.map((line) => line.text).join('\n').toLowerCase();
    if ((!levels.size || head.level === null || levels.has(head.level)) && wanted.every((word) => text.includes(word))) found.push(...block);
  };
  for (const line of lines) {
    if (line.level !== null) {
      close();
      block = [];
    }
    block.push(line);
  }
  close();
  return found;
}

/** A level as the number of Python's logging. */
export function levelName(value: number): Level {
  if (value >= 50) return 'CRITICAL';
  if (value >= 40) return 'ERROR';
  if (value >= 30) return 'WARNING';
  return value >= 20 ? 'INFO' : 'DEBUG';
}
