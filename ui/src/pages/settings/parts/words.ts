import { formatNumber } from '@/data';

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

/** `{name}` of the server's texts filled in; what is not known stays. */
export function fill(text: string, values: Readonly<Record<string, unknown>> | null | undefined): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (values && name in values ? String(values[name]) : all));
}

/** The host of an address: `http://10.0.0.7:8123/` → `10.0.0.7:8123`. */
export function hostOf(address: string | null): string {
  if (!address) return '';
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
