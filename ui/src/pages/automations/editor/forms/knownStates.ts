/** The states that an entity may have, for suggestions. */

import type { Entity } from '@/data/types';
import { domainOf } from '@/data/words';

const ON_OFF = ['on', 'off'];
const BY_DOMAIN: Record<string, readonly string[]> = {
  alarm_control_panel: ['disarmed', 'armed_home', 'armed_away', 'armed_night', 'armed_vacation', 'arming', 'pending', 'triggered'],
  automation: ON_OFF, binary_sensor: ON_OFF, fan: ON_OFF, group: ON_OFF, humidifier: ON_OFF, input_boolean: ON_OFF, light: ON_OFF,
  remote: ON_OFF, schedule: ON_OFF, script: ON_OFF, siren: ON_OFF, switch: ON_OFF, update: ON_OFF, calendar: ON_OFF,
  cover: ['open', 'closed', 'opening', 'closing'], valve: ['open', 'closed', 'opening', 'closing'],
  device_tracker: ['home', 'not_home'], person: ['home', 'not_home'],
  lawn_mower: ['mowing', 'docked', 'paused', 'returning', 'error'],
  lock: ['locked', 'unlocked', 'locking', 'unlocking', 'jammed', 'open', 'opening'],
  media_player: ['off', 'on', 'idle', 'playing', 'paused', 'standby', 'buffering'],
  sun: ['above_horizon', 'below_horizon'],
  timer: ['idle', 'active', 'paused'],
  vacuum: ['cleaning', 'docked', 'idle', 'paused', 'returning', 'error'],
};
const LISTS = ['options', 'hvac_modes', 'operation_list'];

export function knownStates(entities: readonly Entity[]): string[] {
  const found = new Set<string>();
  for (const entity of entities) {
    for (const state of BY_DOMAIN[domainOf(entity.entity_id)] ?? []) found.add(state);
    for (const name of LISTS) {
      const list = entity.attributes[name];
      if (Array.isArray(list)) for (const each of list) found.add(String(each));
    }
    if (Number.isNaN(Number(entity.state))) found.add(entity.state);
  }
  for (const state of ['unavailable', 'unknown']) {
    found.delete(state);
    found.add(state);
  }
  return [...found];
}
