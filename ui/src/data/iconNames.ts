/** Into how many parts the icon set is split: each is about 5 KB compressed, so that a page with 20 icons of their own stays light. */
export const CHUNKS = 256;

/** `thermometer-lines` as the icon package names it: `ThermometerLines`. */
export function packageName(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** The part that holds an icon, by the package's name of it. */
export function chunkOf(name: string): number {
  let hash = 5381;
  for (let index = 0; index < name.length; index += 1) hash = (hash * 33 + name.charCodeAt(index)) >>> 0;
  return hash % CHUNKS;
}
