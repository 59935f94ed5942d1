/** Round steps for an axis that holds both ends. */
export function steps(low: number, high: number, about = 5): number[] {
  if (!(high > low)) return [0];
  const raw = (high - low) / about;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => each >= raw) ?? 10 * size;
  const found: number[] = [];
  for (let at = Math.floor(low / step) * step; at < high + step * 0.999; at += step) found.push(Math.round(at / step) * step + 0);
  return found;
}
