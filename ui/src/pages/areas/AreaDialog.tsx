import { useMemo, useState } from 'react';
import { mdiSofaOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, ComboBox, Dialog, MultiPicker, Select, TextField, useEntityOptions, useFloorOptions, useLabelOptions } from '@/components';
import { IconField } from '@/components/IconField';
import { type Area, useConnected, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Areas.module.css';
import { PictureField } from './PictureField';

const NONE = '';

function SensorField({ label, kind, value, onChange }: { label: string; kind: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('areas');
  const sensors = useEntityOptions({ domains: ['sensor'], deviceClasses: [kind] });
  const options = useMemo(() => [{ value: NONE, label: t('none') }, ...sensors], [sensors, t]);
  return <ComboBox label={label} options={options} value={value} onChange={onChange} />;
}

/** `area` null: a new one, on this floor. */
export function AreaDialog({ area, floorId, onClose }: { area: Area | null; floorId: string | null; onClose: () => void }) {
  const { t } = useTranslation('areas');
  const session = useSession();
  const connected = useConnected();
  const floors = useFloorOptions();
  const labels = useLabelOptions();
  const [busy, act] = useAct();
  const [form, setForm] = useState({
    name: area?.name ?? '',
    floor: floorId ?? NONE,
    icon: area?.icon ?? '',
    picture: area?.picture ?? null,
    aliases: area?.aliases ?? [],
    labels: area?.labels ?? [],
    temperature: area?.temperature_entity_id ?? NONE,
    humidity: area?.humidity_entity_id ?? NONE,
  });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = async () => {
    const fields = {
      name: form.name.trim(),
      floor_id: form.floor || null,
      icon: form.icon || null,
      picture: form.picture,
      aliases: form.aliases,
      labels: form.labels,
      temperature_entity_id: form.temperature || null,
      humidity_entity_id: form.humidity || null,
    };
    const done = await act(() => (area ? session.command('config/area_registry/update', { area_id: area.area_id, ...fields }) : session.command('config/area_registry/create', fields)), t('saved', { name: fields.name }));
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={area ? t('edit') : t('add')}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!form.name.trim() || !connected} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextField label={t('name')} value={form.name} onChange={(name) => set({ name })} autoFocus required />
        {floors.length > 0 && <Select label={t('floor.one')} options={[{ value: NONE, label: t('noFloor') }, ...floors]} value={form.floor} onChange={(floor) => set({ floor })} />}
        <IconField label={t('icon')} value={form.icon} onChange={(icon) => set({ icon })} fallback={mdiSofaOutline} />
        <PictureField value={form.picture} onChange={(picture) => set({ picture })} />
        <SensorField label={t('temperature')} kind="temperature" value={form.temperature} onChange={(temperature) => set({ temperature })} />
        <SensorField label={t('humidity')} kind="humidity" value={form.humidity} onChange={(humidity) => set({ humidity })} />
        <MultiPicker label={t('aliases')} hint={t('aliasesHint')} options={[]} custom placeholder={t('aliasesAdd')} value={form.aliases} onChange={(aliases) => set({ aliases })} />
        {labels.length > 0 && <MultiPicker label={t('labels')} options={labels} value={form.labels} onChange={(chosen) => set({ labels: chosen })} />}
      </div>
    </Dialog>
  );
}
