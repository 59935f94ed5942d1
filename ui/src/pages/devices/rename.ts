/** Which id an entity gets when its device is given another name. */

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** null: its id does not begin with the former name, so it stays. */
export function renamedId(entityId: string, before: string, after: string): string | null {
  const [domain, object] = entityId.split('.') as [string, string];
  const [old, next] = [slug(before), slug(after)];
  if (!old || !next || old === next || (object !== old && !object.startsWith(`${old}_`))) return null;
  return `${domain}.${next}${object.slice(old.length)}`;
}
