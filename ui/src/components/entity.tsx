/** Small parts that show one entity: icon, state, switch. Each renders again only when its own entity changes. */

import { useEffect, useRef, useState } from 'react';
import { mdiBookmarkOutline, mdiEyeOutline, mdiFlash, mdiLightbulb, mdiToggleSwitchVariant, mdiThermostat } from '@mdi/js';
import { Switch as AriaSwitch } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useCall, useEntity, useEntityEntry, useSession } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { useStore } from '@/data/store';
import type { IconTable } from '@/data/session';
import type { Entity } from '@/data/types';
import { domainOf, isActive, isGone, nameOf, useStateWords } from '@/data/words';
import { Avatar } from './Avatar';
import styles from './entity.module.css';
import fieldStyles from './fields.module.css';
import { NamedIcon } from './Icon';

/** Until the server's table is there, and for what it does not know. */
const FALLBACK: Record<string, string> = { light: mdiLightbulb, switch: mdiToggleSwitchVariant, climate: mdiThermostat, sensor: mdiEyeOutline, automation: mdiFlash };

/** The name of an entity's icon: its own, then the server's for its device class and state. */
export function iconName(entity: Entity, table: IconTable, registryIcon?: string | null): string | null {
  const own = registryIcon ?? entity.attributes.icon;
  if (own) return own;
  const rows = table[domainOf(entity.entity_id)];
  const kind = entity.attributes.device_class;
  const row = (kind ? rows?.[kind] : undefined) ?? rows?._;
  if (row?.range) {
    const value = Number(entity.state);
    const steps = Object.keys(row.range).map(Number).filter((step) => step <= value);
    const step = steps.length ? Math.max(...steps) : null;
    if (step !== null) return row.range[String(step)] ?? null;
  }
  return row?.state?.[entity.state] ?? row?.default ?? rows?._?.default ?? null;
}

/** The colour of a light that shines in one; null: the usual colour. */
function lightColor(entity: Entity): string | null {
  if (domainOf(entity.entity_id) !== 'light' || entity.state !== 'on') return null;
  const rgb = entity.attributes.rgb_color;
  const mode = entity.attributes.color_mode;
  if (!Array.isArray(rgb) || mode === 'color_temp' || mode === 'brightness' || mode === 'onoff') return null;
  return `rgb(${rgb.map(Number).join(' ')})`;
}

/** Shown with the picture of whom they are. */
const PICTURED = new Set(['person', 'device_tracker']);

/** An entity's icon in a round field that is coloured while it is on. */
export function EntityIcon({ entityId, size = 24, plain = false }: { entityId: string; size?: number; plain?: boolean }) {
  const entity = useEntity(entityId);
  const entry = useEntityEntry(entityId);
  const table = useStore(useSession().icons);
  const domain = domainOf(entityId);
  const name = entity ? iconName(entity, table, entry?.icon) : null;
  const fallback = FALLBACK[domain] ?? mdiBookmarkOutline;
  if (plain) return <NamedIcon name={name} fallback={fallback} size={size} />;
  const picture = PICTURED.has(domain) ? entity?.attributes.entity_picture : undefined;
  if (entity && typeof picture === 'string' && picture.startsWith('/')) return <Avatar name={nameOf(entity)} picture={picture} size={42} />;
  const active = isActive(entity);
  const color = entity && active ? lightColor(entity) : null;
  const tone = isGone(entity) ? styles.gone : active ? (domain === 'climate' || domain === 'humidifier' ? styles.accent : styles.on) : '';
  return (
    <span className={`${styles.icon} ${tone}`} style={color ? { background: `color-mix(in srgb, ${color} 35%, var(--surface-2))` } : undefined}>
      <NamedIcon name={name} fallback={fallback} size={size} />
    </span>
  );
}

/** An entity's state in words. */
export function StateText({ entityId }: { entityId: string }) {
  const { t } = useTranslation('components');
  const entity = useEntity(entityId);
  const words = useStateWords();
  return <span className={isGone(entity) ? styles.quiet : undefined}>{entity ? words(entity) : t('noEntity')}</span>;
}

/** An entity's name. */
export function EntityName({ entityId }: { entityId: string }) {
  return <>{nameOf(useEntity(entityId), entityId)}</>;
}

const ON = new Set(['on', 'open', 'opening', 'unlocked', 'playing', 'home']);
/** Domains that `homeassistant.toggle` turns on and off. */
export const TOGGLES = new Set(['light', 'switch', 'input_boolean', 'fan', 'automation', 'siren', 'humidifier', 'group', 'remote', 'media_player', 'script', 'climate', 'water_heater']);

/** How long a switch shows what was asked for before it goes back to what is. */
const PATIENCE_MS = 4000;

/** A switch for anything that can be on or off; it moves at once, and back when the device does not follow. */
export function EntityToggle({ entityId, label }: { entityId: string; label?: string }) {
  const entity = useEntity(entityId);
  const call = useCall();
  const mayControl = useMayControl();
  const isOn = entity ? ON.has(entity.state) : false;
  const [asked, setAsked] = useState<{ value: boolean; from: Entity | undefined } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // What was asked for holds until the entity says something new.
  const shown = asked && asked.from === entity ? asked.value : isOn;
  const domain = domainOf(entityId);
  return (
    <AriaSwitch
      aria-label={label ?? nameOf(entity, entityId)}
      isSelected={shown}
      isDisabled={!entity || entity.state === 'unavailable' || !mayControl}
      className={fieldStyles.switch!}
      onChange={(value) => {
        setAsked({ value, from: entity });
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setAsked(null), PATIENCE_MS);
        void call(domain === 'group' ? 'homeassistant' : domain, value ? 'turn_on' : 'turn_off', {}, { entity_id: entityId }).then((worked) => {
          if (!worked) setAsked(null);
        });
      }}
    >
      <span className={fieldStyles.track} aria-hidden="true">
        <span className={fieldStyles.knob} />
      </span>
    </AriaSwitch>
  );
}
