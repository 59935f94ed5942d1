/** Flows of the server, in which an integration or a helper is added or its options are changed. Pure. */

import type { Selector } from '@/data/types';

export interface FlowField {
  name: string;
  required?: boolean;
  optional?: boolean;
  default?: unknown;
  description?: { suggested_value?: unknown };
  selector?: Selector;
  type?: string;
  options?: [string, string][] | Record<string, string>;
  /** A group of fields. */
  schema?: FlowField[];
  expanded?: boolean;
}

export interface FlowStep {
  type: 'form' | 'menu' | 'create_entry' | 'abort' | 'external' | 'progress';
  flow_id: string;
  handler: string;
  step_id: string;
  data_schema?: FlowField[];
  errors?: Record<string, string> | null;
  menu_options?: string[] | Record<string, string>;
  description_placeholders?: Record<string, string> | null;
  reason?: string;
  title?: string;
  result?: { entry_id: string; title: string } | boolean;
  last_step?: boolean | null;
  url?: string;
  /** Whose texts explain the reason, when not the handler's own. */
  translation_domain?: string;
}

export type FlowTexts = Readonly<Record<string, string>>;

/** The text of a key with its placeholders filled in. */
export function flowText(texts: FlowTexts, key: string, placeholders?: Record<string, string> | null): string | undefined {
  const text = texts[key];
  return text && placeholders ? text.replace(/\{(\w+)\}/g, (all, name: string) => placeholders[name] ?? all) : text;
}

/** What a form begins with. */
export function beginning(fields: readonly FlowField[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.schema) values[field.name] = beginning(field.schema);
    else {
      const value = field.description?.suggested_value ?? field.default;
      if (value !== undefined && value !== null) values[field.name] = value;
    }
  }
  return values;
}

/** The names of required fields that are empty, those of groups as `group.field`. */
export function missing(fields: readonly FlowField[], values: Readonly<Record<string, unknown>>): string[] {
  return fields.flatMap((field) => {
    if (field.schema) return missing(field.schema, (values[field.name] ?? {}) as Record<string, unknown>).map((name) => `${field.name}.${name}`);
    const value = values[field.name];
    const isEmpty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0 && field.default === undefined);
    return field.required && isEmpty && !isBoolean(field) ? [field.name] : [];
  });
}

const isBoolean = (field: FlowField): boolean => field.type === 'boolean' || (field.selector !== undefined && 'boolean' in field.selector);

/** Values as they are sent: required switches that were not touched are off. */
export function toSend(fields: readonly FlowField[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.schema) sent[field.name] = toSend(field.schema, (value ?? {}) as Record<string, unknown>);
    else if (value !== undefined && value !== null && value !== '') sent[field.name] = value;
    else if (field.required && isBoolean(field)) sent[field.name] = false;
  }
  return sent;
}

/** The control of a field, its options in words. */
export function selectorOf(field: FlowField, handler: string, texts: FlowTexts): Selector {
  if (field.selector) {
    const select = field.selector.select;
    const key = select?.translation_key;
    if (!select || typeof key !== 'string' || !Array.isArray(select.options)) return field.selector;
    const options = (select.options as unknown[]).map((each) => {
      const value = typeof each === 'object' && each !== null ? String((each as { value: unknown }).value) : String(each);
      return { value, label: texts[`component.${handler}.selector.${key}.options.${value}`] ?? (typeof each === 'object' && each !== null ? String((each as { label?: unknown }).label ?? value) : value) };
    });
    return { select: { ...select, options } };
  }
  switch (field.type) {
    case 'boolean':
      return { boolean: {} };
    case 'integer':
      return { number: { mode: 'box', step: 1 } };
    case 'float':
      return { number: { mode: 'box', step: 'any' } };
    case 'select': {
      const pairs = Array.isArray(field.options) ? field.options : Object.entries(field.options ?? {});
      return { select: { options: pairs.map(([value, label]) => ({ value, label })) } };
    }
    default:
      return { text: field.name.includes('password') ? { type: 'password' } : {} };
  }
}
