const PALETTE = ['--chart-1', '--chart-3', '--chart-4', '--chart-2', '--chart-6', '--chart-5'];

/** The token of a calendar's colour: by its place among all. */
export function colorOf(calendar: string, all: readonly string[]): string {
  return PALETTE[Math.max(0, all.indexOf(calendar)) % PALETTE.length]!;
}
