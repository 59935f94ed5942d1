/** `16:9`, `16x9`, `1.78`, `56%` (height of the width) as CSS says it; undefined: none of these. */
export function ratioOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const pair = /^(\d+(?:\.\d+)?)\s*[:x/]\s*(\d+(?:\.\d+)?)$/.exec(text);
  if (pair) return Number(pair[1]) > 0 && Number(pair[2]) > 0 ? `${pair[1]} / ${pair[2]}` : undefined;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (percent) return Number(percent[1]) > 0 ? `100 / ${percent[1]}` : undefined;
  return /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? text : undefined;
}
