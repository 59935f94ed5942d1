export { formatBytes } from '@/data/bytes';

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
