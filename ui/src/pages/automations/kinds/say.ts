/** Words for summaries: names of entities, devices, areas, services; states, lengths of time, lists. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { deviceName, useAreas, useDevices, useEntitiesLoaded, useEntityEntries, useFloors, useLabels, useServices, useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import type { Service, ServiceField, Services, Target } from '@/data/types';
import { nameOf, prettify, stateWords } from '@/data/words';
import { idsOf, isRecord, isTemplate, type Piece, type Role } from '../model/types';
import { kindOf } from './index';

export interface Say {
  t: (key: string, options?: Record<string, unknown>) => string;
  /** Names of entities; `''` for none. */
  entities: (ids: unknown, join?: 'and' | 'or') => string;
  /** A state of an entity in words. */
  state: (entityId: string | undefined, state: unknown) => string;
  /** Several states: "on or off". */
  states: (entityIds: unknown, states: unknown) => string;
  duration: (value: unknown) => string;
  list: (words: readonly string[], join?: 'and' | 'or') => string;
  /** What a service is called: "Light: Turn on". */
  service: (name: unknown) => string;
  /** The same without the domain: "Turn on". */
  verb: (name: unknown) => string;
  /** What one of its fields is called. */
  field: (name: unknown, key: string) => string;
  device: (id: unknown) => string;
  /** What a service acts on. */
  target: (target: unknown) => string;
  /** A short text of any value. */
  value: (value: unknown) => string;
  /** A piece in one line; what it was called by the user comes first. */
  piece: (role: Role, piece: Piece) => string;
  language: string;
}

const MOST = 60;
const clip = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);

export function secondsOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (isRecord(value)) {
    const { days, hours, minutes, seconds, milliseconds } = value as Record<string, unknown>;
    if (Object.values(value).some((each) => typeof each === 'string' && Number.isNaN(Number(each)))) return null;
    return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0) + Number(milliseconds ?? 0) / 1000;
  }
  if (typeof value !== 'string') return null;
  const parts = /^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?$/.exec(value.trim());
  if (parts) return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4] ?? 0));
  return value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : null;
}

export function durationWords(value: unknown, language: string, separator = ' '): string {
  const seconds = secondsOf(value);
  if (seconds === null) return isTemplate(value) ? '{{ … }}' : String(value ?? '');
  const parts: string[] = [];
  let left = Math.abs(seconds);
  for (const [unit, size] of [['day', 86_400], ['hour', 3600], ['minute', 60]] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
  }
  if (left > 0 || parts.length === 0) parts.push(new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 3 }).format(left));
  return parts.join(separator);
}

export function serviceOf(services: Services, name: unknown): Service | undefined {
  const [domain = '', service = ''] = String(name).split('.');
  return services[domain]?.[service];
}

/** A field of a service, also one in a group. */
function fieldOf(fields: Record<string, ServiceField>, key: string): ServiceField | undefined {
  return fields[key]?.fields ? undefined : (fields[key] ?? Object.values(fields).map((each) => (each.fields ? fieldOf(each.fields, key) : undefined)).find(Boolean));
}

/** The words of everything that summaries name; another object when names changed. */
export function useSay(): Say {
  const { t, i18n } = useTranslation('automations');
  const session = useSession();
  const loaded = useEntitiesLoaded();
  const [entries, devices, areas, floors, labels, services] = [useEntityEntries(), useDevices(), useAreas(), useFloors(), useLabels(), useServices()];
  const texts = useStore(session.texts);
  const language = i18n.language;
  return useMemo(() => {
    void loaded; // names are read from the states once they are there
    const list = (words: readonly string[], join: 'and' | 'or' = 'and') =>
      new Intl.ListFormat(language, { type: join === 'and' ? 'conjunction' : 'disjunction' }).format(words.length > 4 ? [...words.slice(0, 3), t('more', { count: words.length - 3 })] : words);
    const entity = (id: string) => (isTemplate(id) ? '{{ … }}' : nameOf(session.entities.get(id), id));
    const state = (entityId: string | undefined, value: unknown): string => {
      if (value === null || value === undefined) return t('anyState');
      const found = entityId ? session.entities.get(entityId) : undefined;
      return found ? stateWords(found, texts, language, entries.get(found.entity_id), String(value)) : prettify(String(value));
    };
    const value = (given: unknown): string => clip(typeof given === 'string' ? given : (JSON.stringify(given) ?? ''));
    const say: Say = {
      t: (key, options) => t(key, options ?? {}),
      language,
      list,
      state,
      value,
      entities: (ids, join) => list(idsOf(ids).map(entity), join),
      states: (entityIds, states) => list((Array.isArray(states) ? (states as unknown[]) : [states]).map((each) => state(idsOf(entityIds)[0], each)), 'or'),
      duration: (given) => durationWords(given, language),
      device: (id) => {
        const device = devices.get(String(id));
        return device ? deviceName(device) : t('unknownDevice');
      },
      service: (name) => {
        if (isTemplate(name)) return '{{ … }}';
        const [domain = '', service = ''] = String(name).split('.');
        const title = texts[`component.${domain}.title`] ?? prettify(domain);
        return `${title}: ${services[domain]?.[service]?.name ?? prettify(service)}`;
      },
      field: (name, key) => fieldOf(serviceOf(services, name)?.fields ?? {}, key)?.name ?? key.replaceAll('_', ' '),
      verb: (name) => (isTemplate(name) ? '{{ … }}' : (serviceOf(services, name)?.name ?? prettify(String(name).split('.')[1] ?? String(name)))),
      target: (target) => {
        if (!isRecord(target)) return isTemplate(target) ? '{{ … }}' : '';
        const { entity_id, device_id, area_id, floor_id, label_id } = target as Target;
        return list([
          ...idsOf(area_id).map((id) => areas.get(id)?.name ?? id),
          ...idsOf(floor_id).map((id) => floors.get(id)?.name ?? id),
          ...idsOf(label_id).map((id) => labels.get(id)?.name ?? id),
          ...idsOf(device_id).map((id) => say.device(id)),
          ...idsOf(entity_id).map(entity),
        ]);
      },
      piece: (role, piece) => {
        if (typeof piece.alias === 'string' && piece.alias) return piece.alias;
        const kind = kindOf(role, piece);
        if (!kind) return t('unknownPiece', { words: clip(Object.keys(piece).join(', ')) });
        return kind.summary(piece, say) || t(`${kind.role}s.${kind.name}.title`);
      },
    };
    return say;
  }, [t, language, session, loaded, entries, devices, areas, floors, labels, services, texts]);
}
