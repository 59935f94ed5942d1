/** Services in the language of who looks: the server describes them in English, and has texts for front ends beside it. */

import type { Service, ServiceField, Services } from './types';

type Texts = Readonly<Record<string, string>>;

/** A description that only repeats the name says nothing. */
function telling(description: string | undefined, name: string | undefined): string | undefined {
  return description?.replace(/\.$/, '') === name ? undefined : description;
}

function described<T extends { name?: string; description?: string }>(each: T, key: string, texts: Texts): T {
  const name = texts[`${key}.name`] ?? each.name;
  const description = telling(texts[`${key}.description`] ?? each.description, name);
  const { name: _name, description: _description, ...rest } = each;
  return { ...rest, ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) } as T;
}

function fieldsIn(fields: Record<string, ServiceField>, key: string, texts: Texts): Record<string, ServiceField> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) =>
      field.fields
        ? [name, { ...described(field, `${key}.sections.${name}`, texts), fields: fieldsIn(field.fields, key, texts) }]
        : [name, described(field, `${key}.fields.${name}`, texts)],
    ),
  );
}

/** The services with these texts (`component.light.services.turn_on.name`); what has none stays as the server says it. */
export function withTexts(services: Services, texts: Texts): Services {
  const worded = (domain: string, name: string, service: Service): Service => {
    const key = `component.${domain}.services.${name}`;
    return { ...described(service, key, texts), fields: fieldsIn(service.fields, key, texts) };
  };
  return Object.fromEntries(
    Object.entries(services).map(([domain, inside]) => [domain, Object.fromEntries(Object.entries(inside).map(([name, service]) => [name, worded(domain, name, service)]))]),
  );
}
