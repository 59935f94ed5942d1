/** An action that is being put together: as a form, and as YAML. Both say the same. Pure. */

import type { Selector, Service, ServiceField, Services, Target } from '@/data/types';

export interface Draft {
  /** `light.turn_on` */
  action: string;
  target: Target;
  data: Record<string, unknown>;
}

export const EMPTY: Draft = { action: '', target: {}, data: {} };

/** As it stands in YAML: without what is empty. */
export function toDocument({ action, target, data }: Draft): Record<string, unknown> {
  return { action, ...(Object.keys(target).length ? { target } : {}), ...(Object.keys(data).length ? { data } : {}) };
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The draft that a document stands for, or the name of the text that says what is wrong with it. `service:` is the former word. */
export function fromDocument(document: unknown): { draft: Draft } | { problem: string } {
  if (document === null || document === undefined) return { draft: EMPTY };
  if (!isMap(document)) return { problem: 'notMap' };
  const { action, service, target, data, entity_id: entityId, ...rest } = document;
  const name = action ?? service ?? '';
  if (typeof name !== 'string') return { problem: 'noAction' };
  if (target != null && !isMap(target)) return { problem: 'target' };
  if (data != null && !isMap(data)) return { problem: 'data' };
  const unknown = Object.keys(rest).filter((key) => !['metadata', 'alias', 'enabled', 'response_variable', 'continue_on_error'].includes(key));
  if (unknown.length) return { problem: 'unknown' };
  const meant: Target = { ...((target ?? {}) as Target), ...(typeof entityId === 'string' || Array.isArray(entityId) ? { entity_id: entityId as string[] } : {}) };
  return { draft: { action: name, target: meant, data: data ?? {} } };
}

/** Whether a document says what a draft says, in whatever words. */
export function means(document: unknown, draft: Draft): boolean {
  const read = fromDocument(document);
  return 'draft' in read && JSON.stringify(toDocument(read.draft)) === JSON.stringify(toDocument(draft));
}

export interface Field extends ServiceField {
  key: string;
}

/** All fields of a service, those of groups in their place. */
export function fieldsOf(service: Service | undefined): Field[] {
  return Object.entries(service?.fields ?? {}).flatMap(([key, field]) =>
    field.fields ? Object.entries(field.fields).map(([inner, each]) => ({ key: inner, ...each })) : [{ key, ...field }],
  );
}

export function serviceOf(services: Services, action: string): Service | undefined {
  const [domain, ...name] = action.split('.');
  return services[domain ?? '']?.[name.join('.')];
}

/** What of the data no field of the service knows: it is not lost, only the form cannot show it. */
export function unknownKeys(draft: Draft, fields: readonly Field[]): string[] {
  const known = new Set(fields.map((field) => field.key));
  return Object.keys(draft.data).filter((key) => !known.has(key) && key !== 'entity_id');
}

/** Required fields without a value. */
export const missing = (draft: Draft, fields: readonly Field[]): Field[] => fields.filter((field) => field.required && draft.data[field.key] === undefined);

/** A value to begin with when an optional field is taken in. */
export function firstValue(field: Field): unknown {
  if (field.default !== undefined) return field.default;
  const [kind, config] = Object.entries(field.selector ?? ({} as Selector))[0] ?? ['text', null];
  if (kind === 'boolean') return field.example === undefined ? true : Boolean(field.example);
  if (kind === 'number') return typeof config?.min === 'number' ? config.min : 0;
  if (kind === 'object') return {};
  return field.example ?? '';
}
