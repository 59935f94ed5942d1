/** Buttons, choices and layout of the controls, large enough for a thumb. */

import type { ReactNode } from 'react';
import { mdiPower } from '@mdi/js';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Icon, NamedIcon } from '@/components/Icon';
import { Select } from '@/components/fields';
import styles from './parts.module.css';

export const Stack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;
export const Row = ({ children, label }: { children: ReactNode; label?: string }) => (
  <div className={styles.row} {...(label ? { role: 'group', 'aria-label': label } : {})}>
    {children}
  </div>
);
/** Selects and fields side by side as far as there is room. */
export const Fields = ({ children }: { children: ReactNode }) => <div className={styles.fields}>{children}</div>;
export const Note = ({ children }: { children: ReactNode }) => <p className={styles.note}>{children}</p>;

/** Names and values below each other; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (shown.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface TileProps {
  label: string;
  icon: string;
  onPress: () => void;
  disabled?: boolean;
  /** What it does is so already. */
  chosen?: boolean;
  kind?: 'plain' | 'strong' | 'danger';
  /** A round button without visible words. */
  round?: boolean;
}

/** A large button: an icon over its words. */
export function Tile({ label, icon, onPress, disabled = false, chosen = false, kind = 'plain', round = false }: TileProps) {
  const look = [styles.tile, round && styles.round, chosen && styles.chosen, kind !== 'plain' && styles[kind]].filter(Boolean).join(' ');
  return (
    <Button className={look} isDisabled={disabled} onPress={onPress} {...(round ? { 'aria-label': label } : {})}>
      <Icon path={icon} size={round ? 30 : 24} />
      {!round && <span>{label}</span>}
    </Button>
  );
}

/** The one large switch of something that is on or off. */
export function Power({ on, onChange, disabled, icon = mdiPower, label }: { on: boolean; onChange: (on: boolean) => void; disabled: boolean; icon?: string; label?: string }) {
  const { t } = useTranslation('domains');
  return (
    <ToggleButton className={styles.power!} isSelected={on} onChange={onChange} isDisabled={disabled} aria-label={label ?? t('power')}>
      <Icon path={icon} size={52} />
    </ToggleButton>
  );
}

export interface Choice {
  value: string;
  label: string;
  /** A path of `@mdi/js`, or a name (`mdi:fire`). */
  icon?: string | undefined;
}

interface ChoicesProps {
  label: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string) => void;
  disabled?: boolean;
  /** Up to so many are buttons, more a list. */
  most?: number;
}

/** One of several: buttons while they are few, a list when they are many. */
export function Choices({ label, choices, value, onChange, disabled = false, most = 5 }: ChoicesProps) {
  if (choices.length === 0) return null;
  if (choices.length > most || choices.some((each) => each.label.length > 24)) {
    return <Select label={label} options={choices.map(({ value: id, label: words }) => ({ value: id, label: words }))} value={value} onChange={onChange} disabled={disabled} />;
  }
  return (
    <div className={styles.segments}>
      <span className={styles.caption} aria-hidden="true">
        {label}
      </span>
      <ToggleButtonGroup
        aria-label={label}
        className={styles.segmentRow!}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={value === null ? [] : [value]}
        isDisabled={disabled}
        onSelectionChange={(keys) => {
          const [next] = keys;
          if (next !== undefined && String(next) !== value) onChange(String(next));
        }}
      >
        {choices.map((each) => (
          <ToggleButton key={each.value} id={each.value} className={styles.segment!}>
            {each.icon && (each.icon.startsWith('mdi:') ? <NamedIcon name={each.icon} fallback="" size={18} /> : <Icon path={each.icon} size={18} />)}
            {each.label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}
