import { useMemo } from 'react';
import { mdiShapeOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ComboBox, Select, Switch, TextField } from '@/components/fields';
import { NamedIcon } from '@/components/Icon';
import { MultiPicker, useAreaOptions, useLabelOptions } from '@/components/pickers';
import { useCommand, useDevices, useAreas, useEntity } from '@/data/hooks';
import { iconProblem, idProblem, OPTIONS, type RegistryEntry, type SettingsForm } from './settings';
import styles from './Settings.module.css';

interface Props {
  entry: RegistryEntry;
  form: SettingsForm;
  onChange: (change: Partial<SettingsForm>) => void;
}

export function SettingsFields({ entry, form, onChange }: Props) {
  const { t } = useTranslation('domains');
  const domain = entry.entity_id.split('.')[0] ?? '';
  const shown = useEntity(entry.entity_id);
  const labelOptions = useLabelOptions();
  const areaOptions = useAreaOptions();
  const devices = useDevices();
  const areas = useAreas();
  const deviceArea = entry.device_id ? areas.get(devices.get(entry.device_id)?.area_id ?? '')?.name : undefined;
  const places = useMemo(
    () => [{ value: '', label: entry.device_id ? t('info.areaOfDevice', { area: deviceArea ?? t('info.noArea') }) : t('info.noArea') }, ...areaOptions],
    [areaOptions, deviceArea, entry.device_id, t],
  );
  const idWrong = idProblem(domain, form.entityId);
  return (
    <>
      <TextField label={t('info.name')} value={form.name} onChange={(name) => onChange({ name })} placeholder={entry.original_name ?? (entry.name ? '' : (shown?.attributes.friendly_name ?? ''))} hint={t(entry.device_id ? 'info.nameHint' : 'info.nameHintOwn')} />
      <div className={styles.icon}>
        <TextField label={t('info.icon')} value={form.icon} onChange={(icon) => onChange({ icon })} placeholder={entry.original_icon ?? 'mdi:lamp'} error={iconProblem(form.icon) ? t('info.iconForm') : null} />
        <span className={styles.preview} aria-hidden="true">
          <NamedIcon name={iconProblem(form.icon) ? null : form.icon || entry.original_icon} fallback={mdiShapeOutline} />
        </span>
      </div>
      <TextField label={t('info.id')} value={form.entityId} onChange={(entityId) => onChange({ entityId: entityId.trim() })} hint={t('info.idHint')} error={idWrong ? t(idWrong, { domain }) : null} monospace />
      <ComboBox label={t('info.area')} options={places} value={form.areaId} onChange={(areaId) => onChange({ areaId })} />
      <MultiPicker label={t('info.labels')} options={labelOptions} value={form.labels} onChange={(labels) => onChange({ labels })} />
      {OPTIONS[domain] && <DomainOptions entry={entry} domain={domain} form={form} onChange={onChange} />}
      <TextField
        label={t('info.aliases')}
        hint={t('info.aliasesHint')}
        value={form.aliases.join(', ')}
        onChange={(text) => onChange({ aliases: text === '' ? [] : text.split(',').map((each) => each.trimStart()) })}
      />
      <Switch label={t('info.enabled')} hint={t('info.enabledHint')} value={form.enabled} onChange={(enabled) => onChange({ enabled })} />
      <Switch label={t('info.visible')} hint={t('info.visibleHint')} value={form.visible} onChange={(visible) => onChange({ visible })} />
    </>
  );
}

function DomainOptions({ entry, domain, form, onChange }: Props & { domain: string }) {
  const { t } = useTranslation('domains');
  const entity = useEntity(entry.entity_id);
  const kind = entity?.attributes.device_class;
  const measures = (domain === 'sensor' || domain === 'number') && Boolean(kind);
  const { data } = useCommand<{ units: string[] }>(measures ? `${domain}/device_class_convertible_units` : null, { device_class: kind ?? '' });
  const set = (key: string, value: string | number | undefined) => onChange({ options: { ...form.options, [key]: value } });
  const has = (key: string) => OPTIONS[domain]?.includes(key);
  const isNumber = entity?.attributes.unit_of_measurement !== undefined || entity?.attributes.state_class !== undefined;
  const units = data?.units ?? [];
  return (
    <>
      {has('display_precision') && isNumber && (
        <Select
          label={t('info.precision')}
          options={['', '0', '1', '2', '3', '4', '5', '6'].map((value) => ({ value: value || 'auto', label: value === '' ? t('info.auto') : t('info.digits', { count: Number(value) }) }))}
          value={form.options.display_precision === undefined ? 'auto' : String(form.options.display_precision)}
          onChange={(value) => set('display_precision', value === 'auto' ? undefined : Number(value))}
        />
      )}
      {has('unit_of_measurement') && units.length > 1 && (
        <Select
          label={t('info.unit')}
          options={[...units].sort().map((unit) => ({ value: unit, label: unit }))}
          value={String(form.options.unit_of_measurement ?? entity?.attributes.unit_of_measurement ?? '')}
          onChange={(unit) => set('unit_of_measurement', unit)}
        />
      )}
      {has('default_code') && <TextField type="password" label={t('info.defaultCode')} hint={t('info.defaultCodeHint')} autoComplete="off" value={String(form.options.default_code ?? '')} onChange={(code) => set('default_code', code || undefined)} />}
    </>
  );
}
