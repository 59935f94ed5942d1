/** Refusals in the language of who looks: the server says which of its texts it means, and with what in it. */

type Texts = Readonly<Record<string, string>>;

/** Which text the server means. */
export interface Said {
  domain: string;
  key: string;
  values: Readonly<Record<string, unknown>>;
}

/** What a failed command says of its text; null: nothing, or it is no answer of the server. */
export function saidIn(error: unknown): Said | null {
  if (!error || typeof error !== 'object') return null;
  const { translation_domain: domain, translation_key: key, translation_placeholders: values } = error as Record<string, unknown>;
  if (typeof domain !== 'string' || typeof key !== 'string' || !domain || !key) return null;
  return { domain, key, values: values && typeof values === 'object' ? (values as Record<string, unknown>) : {} };
}

/** The text with its values; null: there is none, or a value of it is missing. */
export function wordsFor(said: Said, texts: Texts): string | null {
  const text = texts[`component.${said.domain}.exceptions.${said.key}.message`];
  if (text === undefined) return null;
  let whole = true;
  const filled = text.replaceAll(/\{(\w+)\}/g, (_place, name: string) => {
    const value = said.values[name];
    if (typeof value !== 'string' && typeof value !== 'number') whole = false;
    return String(value as string | number);
  });
  return whole ? filled : null;
}
