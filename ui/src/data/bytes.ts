import { formatNumber } from './words';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `1536000` → "1.5 MB". */
export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, language, { max: unit < 2 || value >= 100 ? 0 : 1 })}\u00a0${UNITS[unit]}`;
}
