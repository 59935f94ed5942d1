/** Which entities fit three filters: words of id and name, of the state, of attributes (`brightness: 25`). Pure. */

import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';

export interface Filter {
  id: string;
  state: string;
  attributes: string;
}

const words = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** `device_class: motion` or `device_class=motion` asks one attribute; anything else stands somewhere in all of them. */
export function fitsAttributes(attributes: Readonly<Record<string, unknown>>, wanted: string): boolean {
  const pair = /^\s*([a-z0-9_]+)\s*[:=]\s*(.*?)\s*$/i.exec(wanted);
  if (pair) {
    const [, name, value] = pair as unknown as [string, string, string];
    if (!(name in attributes)) return false;
    return value === '' || textOf(attributes[name]).includes(value.toLowerCase());
  }
  const text = Object.entries(attributes).map(([name, value]) => `${name}: ${textOf(value)}`).join('\n').toLowerCase();
  return words(wanted).every((word) => text.includes(word));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value) ?? '').toLowerCase();

export function fits(entity: Entity, { id, state, attributes }: Filter): boolean {
  const name = id ? `${entity.entity_id} ${nameOf(entity)}`.toLowerCase() : '';
  if (!words(id).every((word) => name.includes(word))) return false;
  const now = entity.state.toLowerCase();
  if (!words(state).every((word) => now.includes(word))) return false;
  return attributes.trim() === '' || fitsAttributes(entity.attributes, attributes);
}
