/** Choosing entities, devices, areas, floors, labels by name. `value` is one id or null; the `…s` take lists. */

import { useMemo } from 'react';
import { mdiClose } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { deviceName, useAreas, useDevices, useEntityEntries, useEntityIds, useFloors, useLabels, useSession } from '@/data/hooks';
import { domainOf, nameOf } from '@/data/words';
import { ComboBox, type ComboBoxProps, type Option } from './fields';
import { Icon } from './Icon';
import styles from './pickers.module.css';

export type PickerProps = Omit<ComboBoxProps, 'options'>;

export interface EntityFilter {
  domains?: readonly string[] | undefined;
  deviceClasses?: readonly string[] | undefined;
  /** The platform that made it. */
  integration?: string | undefined;
  /** Others that are not to be chosen. */
  without?: readonly string[] | undefined;
}

/** Every entity that fits as an option, by name, with its area and id below. */
export function useEntityOptions({ domains, deviceClasses, integration, without }: EntityFilter = {}): Option[] {
  const { entities } = useSession();
  const ids = useEntityIds();
  const entries = useEntityEntries();
  const devices = useDevices();
  const areas = useAreas();
  const key = [domains?.join(), deviceClasses?.join(), integration, without?.join()].join('|');
  return useMemo(() => {
    const [inDomains, inClasses, platform, notThese] = key.split('|').map((part) => (part ? new Set(part.split(',')) : null));
    const options: Option[] = [];
    for (const id of ids) {
      if (inDomains && !inDomains.has(domainOf(id))) continue;
      if (notThese?.has(id)) continue;
      const entity = entities.get(id);
      if (inClasses && !inClasses.has(entity?.attributes.device_class ?? '')) continue;
      const entry = entries.get(id);
      if (platform && !platform.has(entry?.platform ?? '')) continue;
      const areaId = entry?.area_id ?? (entry?.device_id ? devices.get(entry.device_id)?.area_id : null);
      const area = areaId ? areas.get(areaId)?.name : undefined;
      options.push({ value: id, label: nameOf(entity, id), text: area ? `${area} · ${id}` : id });
    }
    return options.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  }, [ids, entities, entries, devices, areas, key]);
}

export function EntityPicker({ filter, ...rest }: PickerProps & { filter?: EntityFilter }) {
  return <ComboBox {...rest} options={useEntityOptions(filter)} />;
}

export function useDeviceOptions(): Option[] {
  const devices = useDevices();
  const areas = useAreas();
  return useMemo(
    () =>
      [...devices.values()]
        .filter((device) => !device.disabled_by)
        .map((device) => ({
          value: device.id,
          label: deviceName(device),
          text: [device.area_id && areas.get(device.area_id)?.name, device.manufacturer, device.model].filter(Boolean).join(' · '),
        }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    [devices, areas],
  );
}

export function DevicePicker(props: PickerProps) {
  return <ComboBox {...props} options={useDeviceOptions()} />;
}

export function useAreaOptions(): Option[] {
  const areas = useAreas();
  const floors = useFloors();
  return useMemo(
    () => [...areas.values()].map((area) => ({ value: area.area_id, label: area.name, text: area.floor_id ? floors.get(area.floor_id)?.name : undefined })),
    [areas, floors],
  );
}

export function AreaPicker(props: PickerProps) {
  return <ComboBox {...props} options={useAreaOptions()} />;
}

export function useFloorOptions(): Option[] {
  const floors = useFloors();
  return useMemo(() => [...floors.values()].map((floor) => ({ value: floor.floor_id, label: floor.name })), [floors]);
}

export function FloorPicker(props: PickerProps) {
  return <ComboBox {...props} options={useFloorOptions()} />;
}

export function useLabelOptions(): Option[] {
  const labels = useLabels();
  return useMemo(() => [...labels.values()].map((label) => ({ value: label.label_id, label: label.name, text: label.description ?? undefined })), [labels]);
}

export function LabelPicker(props: PickerProps) {
  return <ComboBox {...props} options={useLabelOptions()} />;
}

interface ManyProps extends Omit<PickerProps, 'value' | 'onChange'> {
  options: readonly Option[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Several of many: chips of those that are chosen, and a field to find the next. */
export function MultiPicker({ options, value, onChange, label, ...rest }: ManyProps) {
  const { t } = useTranslation('components');
  const names = useMemo(() => new Map(options.map((option) => [option.value, option.label])), [options]);
  const left = useMemo(() => options.filter((option) => !value.includes(option.value)), [options, value]);
  return (
    <div className={styles.many}>
      <ComboBox {...rest} key={value.length} label={label} options={left} value={null} onChange={(next) => next && !value.includes(next) && onChange([...value, next])} />
      {value.length > 0 && (
        <ul className={styles.chosen} aria-label={label}>
          {value.map((each) => (
            <li key={each} className={styles.chip}>
              {names.get(each) ?? each}
              <button type="button" aria-label={t('removeOne', { name: names.get(each) ?? each })} onClick={() => onChange(value.filter((other) => other !== each))}>
                <Icon path={mdiClose} size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function EntitiesPicker({ filter, ...rest }: Omit<ManyProps, 'options'> & { filter?: EntityFilter }) {
  return <MultiPicker {...rest} options={useEntityOptions(filter)} />;
}
