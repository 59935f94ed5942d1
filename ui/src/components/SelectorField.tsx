/**
 * The control for one of the API's selectors: `{number: {min: 0, max: 100}}` is a slider or a number field.
 *
 * A kind that is not known, or whose value has another shape, is edited as YAML: nothing is lost.
 */

import { useTranslation } from 'react-i18next';
import type { Selector, Target } from '@/data/types';
import { Checkbox, ComboBox, NumberField, type Option, Select, Slider, Switch, TextField } from './fields';
import { ImageField } from './ImageField';
import styles from './SelectorField.module.css';
import { AreaPicker, DevicePicker, EntitiesPicker, type EntityFilter, EntityPicker, FloorPicker, LabelPicker, MultiPicker, useAreaOptions, useDeviceOptions, useFloorOptions, useLabelOptions } from './pickers';
import { YamlEditor } from './YamlEditor';

export interface SelectorFieldProps {
  label: string;
  selector: Selector | null | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

type Config = Record<string, unknown>;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : value == null || value === '' ? [] : [String(value)]);
const text = (value: unknown): string => (value == null ? '' : String(value));
const number = (value: unknown): number | null => (value == null || value === '' || Number.isNaN(Number(value)) ? null : Number(value));
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function entityFilter(config: Config): EntityFilter {
  const filters = (Array.isArray(config.filter) ? config.filter : config.filter ? [config.filter] : [config]) as Config[];
  const all = (name: string) => {
    const found = filters.flatMap((each) => list(each[name]));
    return found.length && filters.every((each) => each[name]) ? found : undefined;
  };
  return { domains: all('domain'), deviceClasses: all('device_class'), integration: filters.length === 1 ? (filters[0]?.integration as string | undefined) : undefined };
}

function optionsOf(config: Config): Option[] {
  const options = Array.isArray(config.options) ? config.options : [];
  return options.map((each: unknown) =>
    each !== null && typeof each === 'object'
      ? { value: text((each as Config).value), label: text((each as Config).label ?? (each as Config).value) }
      : { value: text(each), label: text(each) },
  );
}

type Duration = { days?: number; hours?: number; minutes?: number; seconds?: number };

function DurationField({ label, value, onChange, hint, days }: { label: string; value: unknown; onChange: (value: Duration) => void; hint?: string | undefined; days: boolean }) {
  const { t } = useTranslation('components');
  const parts: Duration = {};
  if (typeof value === 'object' && value) Object.assign(parts, value);
  else if (typeof value === 'number') parts.seconds = value;
  else if (typeof value === 'string' && /^\d+(:\d+){1,2}$/.test(value)) {
    const [hours, minutes, seconds] = value.split(':').map(Number);
    Object.assign(parts, { hours, minutes, seconds: seconds ?? 0 });
  }
  const units = days ? (['days', 'hours', 'minutes', 'seconds'] as const) : (['hours', 'minutes', 'seconds'] as const);
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      <div className={styles.row}>
        {units.map((unit) => (
          <NumberField key={unit} label={t(`units.${unit}`)} min={0} value={parts[unit] ?? 0} onChange={(next) => onChange({ ...parts, [unit]: next ?? 0 })} />
        ))}
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
    </fieldset>
  );
}

/** Entities, devices, areas, floors and labels at once: what a service acts on. */
export function TargetField({ label, value, onChange, filter, hint }: { label: string; value: Target; onChange: (value: Target) => void; filter?: EntityFilter; hint?: string | undefined }) {
  const { t } = useTranslation('components');
  const set = (key: keyof Target) => (next: string[]) => {
    const target: Target = { ...value };
    if (next.length) target[key] = next;
    else delete target[key];
    onChange(target);
  };
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {hint && <p className={styles.hint}>{hint}</p>}
      <EntitiesPicker label={t('pick.entities')} value={list(value.entity_id)} onChange={set('entity_id')} {...(filter ? { filter } : {})} />
      <MultiPicker label={t('pick.areas')} options={useAreaOptions()} value={list(value.area_id)} onChange={set('area_id')} />
      <details className={styles.more} open={Boolean(value.device_id ?? value.floor_id ?? value.label_id)}>
        <summary>{t('pick.more')}</summary>
        <MultiPicker label={t('pick.devices')} options={useDeviceOptions()} value={list(value.device_id)} onChange={set('device_id')} />
        <MultiPicker label={t('pick.floors')} options={useFloorOptions()} value={list(value.floor_id)} onChange={set('floor_id')} />
        <MultiPicker label={t('pick.labels')} options={useLabelOptions()} value={list(value.label_id)} onChange={set('label_id')} />
      </details>
    </fieldset>
  );
}

function Many({ kind, ...rest }: { kind: 'device' | 'area' | 'floor' | 'label'; label: string; value: string[]; onChange: (value: string[]) => void }) {
  const options = { device: useDeviceOptions(), area: useAreaOptions(), floor: useFloorOptions(), label: useLabelOptions() }[kind];
  return <MultiPicker {...rest} options={options} />;
}

const hex = (rgb: unknown): string => (Array.isArray(rgb) ? `#${rgb.map((each) => Number(each).toString(16).padStart(2, '0')).join('')}` : '#ffffff');

export function SelectorField({ label, selector, value, onChange, hint, error, required, disabled }: SelectorFieldProps) {
  const { t } = useTranslation('components');
  const [kind, given] = Object.entries(selector ?? {})[0] ?? ['text', {}];
  const config: Config = given ?? {};
  const common = { label, ...(hint ? { hint } : {}), error: error ?? null, required: required ?? false, disabled: disabled ?? false };
  const optional = (next: string) => onChange(next === '' ? undefined : next);

  switch (kind) {
    case 'boolean':
      return <Switch label={label} {...(hint ? { hint } : {})} value={value === true} disabled={disabled ?? false} onChange={onChange} />;
    case 'number': {
      const [min, max] = [numberOf(config.min), numberOf(config.max)];
      const step = config.step === 'any' ? undefined : (numberOf(config.step) ?? 1);
      const unit = config.unit_of_measurement as string | undefined;
      if (config.mode !== 'box' && min !== undefined && max !== undefined) {
        return (
          <div>
            <Slider label={label} min={min} max={max} step={step ?? 0.1} value={number(value) ?? min} onChange={onChange} disabled={disabled ?? false} format={(each) => (unit ? `${each} ${unit}` : String(each))} />
            {hint && <p className={styles.hint}>{hint}</p>}
          </div>
        );
      }
      return <NumberField {...common} value={number(value)} onChange={(next) => onChange(next ?? undefined)} {...(min === undefined ? {} : { min })} {...(max === undefined ? {} : { max })} {...(step === undefined ? {} : { step })} {...(unit ? { unit } : {})} />;
    }
    case 'select': {
      const options = optionsOf(config);
      if (config.multiple) return <MultiPicker label={label} {...(hint ? { hint } : {})} options={options} value={list(value)} onChange={onChange} custom={config.custom_value === true} />;
      if (config.custom_value || options.length > 12) return <ComboBox {...common} options={options} value={value == null ? null : text(value)} onChange={optional} custom={config.custom_value === true} />;
      return <Select {...common} options={options} value={value == null ? null : text(value)} onChange={optional} />;
    }
    case 'entity':
      if (config.multiple) return <EntitiesPicker label={label} {...(hint ? { hint } : {})} filter={entityFilter(config)} value={list(value)} onChange={onChange} />;
      return <EntityPicker {...common} filter={entityFilter(config)} value={value == null ? null : text(value)} onChange={optional} />;
    case 'device':
    case 'area':
    case 'floor':
    case 'label': {
      if (config.multiple) return <Many kind={kind} label={label} value={list(value)} onChange={onChange} />;
      const Picker = { device: DevicePicker, area: AreaPicker, floor: FloorPicker, label: LabelPicker }[kind];
      return <Picker {...common} value={value == null ? null : text(value)} onChange={optional} />;
    }
    case 'target':
      return <TargetField label={label} hint={hint} value={(value ?? {}) as Target} onChange={onChange} filter={entityFilter((config.entity ?? {}) as Config)} />;
    case 'time':
      return <TextField {...common} type="time" value={text(value).slice(0, 8)} onChange={(next) => optional(next && next.length === 5 ? `${next}:00` : next)} />;
    case 'date':
      return <TextField {...common} type="date" value={text(value)} onChange={optional} />;
    case 'datetime':
      return <TextField {...common} type="datetime-local" value={text(value).replace(' ', 'T').slice(0, 16)} onChange={(next) => optional(next && `${next.replace('T', ' ')}:00`)} />;
    case 'duration':
      return <DurationField label={label} hint={hint} value={value} onChange={onChange} days={config.enable_day === true} />;
    case 'color_rgb':
      return <TextField {...common} type="color" value={hex(value)} onChange={(next) => onChange([1, 3, 5].map((at) => Number.parseInt(next.slice(at, at + 2), 16)))} />;
    case 'color_temp': {
      const kelvin = config.unit === 'kelvin';
      const [min, max] = kelvin ? [numberOf(config.min) ?? 2000, numberOf(config.max) ?? 6500] : [numberOf(config.min) ?? 153, numberOf(config.max) ?? 500];
      return (
        <Slider label={label} min={min} max={max} value={number(value) ?? min} onChange={onChange} format={(each) => `${each} ${kelvin ? 'K' : 'mired'}`} large
          track={`linear-gradient(to right, ${kelvin ? '#ffb46b, #fff, #cfe0ff' : '#cfe0ff, #fff, #ffb46b'})`} />
      );
    }
    case 'icon':
    case 'state':
    case 'attribute':
    case 'theme':
    case 'language':
    case 'country':
    case 'text':
      if (config.multiple) return <MultiPicker label={label} options={[]} custom value={list(value)} onChange={onChange} />;
      return (
        <TextField {...common} value={text(value)} onChange={optional} {...(config.multiline ? { rows: 4 } : {})}
          {...(typeof config.type === 'string' && ['password', 'email', 'url', 'tel', 'color'].includes(config.type) ? { type: config.type as 'password' } : {})} />
      );
    case 'image':
      // What is no text (a picture of the media sources) is edited as YAML.
      if (value == null || typeof value === 'string') return <ImageField label={label} hint={hint} error={error} disabled={disabled ?? false} value={text(value)} onChange={optional} />;
      break;
    case 'template':
      return <TextField {...common} value={text(value)} onChange={optional} rows={4} monospace />;
    case 'constant':
      return <Checkbox label={text(config.label) || label} value={value === config.value} onChange={(on) => onChange(on ? config.value : undefined)} />;
    case 'addon':
    case 'config_entry':
    case 'conversation_agent':
    case 'assist_pipeline':
    case 'backup_location':
      return <TextField {...common} value={text(value)} onChange={optional} />;
    default:
  }
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {hint && <p className={styles.hint}>{hint}</p>}
      <YamlEditor label={t('asYaml', { name: label })} value={value} onChange={onChange} readOnly={disabled ?? false} />
    </fieldset>
  );
}
