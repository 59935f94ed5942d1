/** Entries in words: what happened, and who or what caused it. Pure: texts come from `t`. */

import type { Entity } from '@/data/types';
import { domainOf, prettify } from '@/data/words';
import type { Entry } from './entries';

export interface Speaker {
  t: (key: string, values?: Record<string, string>) => string;
  /** A state in words. */
  state: (entityId: string, state: string) => string;
  name: (entityId: string) => string;
  entityOf: (entityId: string) => Entity | undefined;
  /** A user's name; undefined: not known to whoever looks. */
  user: (userId: string) => string | undefined;
  /** What set a run off, as the server tells it, in words. */
  trigger: (source: string) => string;
}

/** Whose deeds these are in a home without an owner: of whoever has the server's fixed token. No account has this id. */
export const OPERATOR = 'marge';

/** Domains of which `on` and `off` are said as "turned on", "turned off". */
const SWITCHED = new Set(['light', 'switch', 'fan', 'input_boolean', 'group', 'humidifier', 'siren', 'remote', 'automation', 'schedule', 'media_player']);
const DONE: Readonly<Record<string, string>> = { scene: 'activated', button: 'pressed', input_button: 'pressed', event: 'happened', notify: 'notified' };
const VERBS: Readonly<Record<string, readonly string[]>> = {
  lock: ['locked', 'unlocked', 'locking', 'unlocking', 'jammed', 'open'],
  cover: ['open', 'closed', 'opening', 'closing'],
  valve: ['open', 'closed', 'opening', 'closing'],
  script: ['on', 'off'],
  sun: ['above_horizon', 'below_horizon'],
  timer: ['active', 'idle', 'paused'],
  vacuum: ['cleaning', 'docked', 'returning', 'paused'],
};

/** Binary sensors by device class, those that are said in the same words together. */
const SENSED: Readonly<Record<string, string>> = { door: 'door', garage_door: 'door', window: 'door', opening: 'door', motion: 'motion', moving: 'motion', occupancy: 'presence', presence: 'presence', smoke: 'alarm', gas: 'alarm', carbon_monoxide: 'alarm', moisture: 'moisture', connectivity: 'connectivity' };

/** What happened, as the rest of a sentence that begins with the name. */
export function whatHappened(entry: Entry, speaker: Speaker): string {
  const { t } = speaker;
  const id = entry.entity_id ?? '';
  if (entry.state == null) return message(entry, speaker);
  const { state } = entry;
  const domain = domainOf(id);
  if (state === 'unavailable') return t('did.unavailable');
  if (state === 'unknown' || state === '') return t('did.unknown');
  if (SWITCHED.has(domain) && (state === 'on' || state === 'off')) return t(`did.switched.${state}`);
  const sensed = domain === 'binary_sensor' ? SENSED[speaker.entityOf(id)?.attributes.device_class ?? ''] : undefined;
  if (sensed && (state === 'on' || state === 'off')) return t(`did.sensed.${sensed}.${state}`);
  const done = DONE[domain];
  if (done) return t(`did.${done}`);
  if (VERBS[domain]?.includes(state)) return t(`did.${domain}.${state}`);
  if (domain === 'person' || domain === 'device_tracker') {
    if (state === 'home') return t('did.person.home');
    return state === 'not_home' ? t('did.person.not_home') : t('did.person.elsewhere', { place: state });
  }
  return t('did.changed', { state: speaker.state(id, state) });
}

function message(entry: Entry, { t, trigger }: Speaker): string {
  if (entry.domain === 'automation') return entry.source ? t('did.ranBy', { source: trigger(entry.source) }) : t('did.ran');
  if (entry.domain === 'script') return t('did.ran');
  if (entry.domain === 'homeassistant') return t(entry.message === 'stopped' ? 'did.home.stopped' : 'did.home.started');
  return entry.message ?? t('did.happenedOnly');
}

export interface Cause {
  text: string;
  /** The entity that it speaks of, to be looked at. */
  entityId?: string;
}

/** Who or what caused it; null: nobody knows. */
export function whyItHappened(entry: Entry, speaker: Speaker): Cause | null {
  const { t, name, trigger } = speaker;
  const user = entry.context_user_id ? speaker.user(entry.context_user_id) : undefined;
  const from = entry.context_entity_id;
  switch (entry.context_event_type) {
    case 'automation_triggered': {
      const automation = entry.context_name ?? (from ? name(from) : '');
      const source = entry.context_source;
      const text = source ? t('cause.automationBy', { name: automation, source: trigger(source) }) : t('cause.automation', { name: automation });
      return { text, ...(from ? { entityId: from } : {}) };
    }
    case 'script_started':
      return { text: t('cause.script', { name: entry.context_name ?? (from ? name(from) : '') }), ...(from ? { entityId: from } : {}) };
    case 'homeassistant_start':
      return { text: t('cause.start') };
    case 'homeassistant_stop':
      return { text: t('cause.stop') };
    case 'call_service': {
      if (user) return { text: t('cause.user', { name: user }) };
      if (entry.context_user_id === OPERATOR) return { text: t('cause.operator') };
      const action = `${prettify(entry.context_domain ?? '')}: ${prettify(entry.context_service ?? '')}`;
      return { text: t('cause.action', { action }) };
    }
  }
  if (user) return { text: t('cause.user', { name: user }) };
  if (entry.context_user_id) return { text: t(entry.context_user_id === OPERATOR ? 'cause.operator' : 'cause.someone') };
  if (from && from !== entry.entity_id) {
    const state = entry.context_state;
    return { text: state ? t('cause.entityState', { entity: name(from), state: speaker.state(from, state) }) : t('cause.entity', { entity: name(from) }), entityId: from };
  }
  return null;
}
