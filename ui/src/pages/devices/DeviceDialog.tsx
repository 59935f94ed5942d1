import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, Checkbox, ComboBox, Dialog, MultiPicker, TextField, useAreaOptions, useLabelOptions } from '@/components';
import { type Device, deviceName, useConnected, useEntityEntries, useSession } from '@/data';
import { inTurns } from '@/data/inTurns';
import { useAct } from '@/data/useAct';
import styles from './Devices.module.css';
import { renamedId } from './rename';

/** Name, area and labels of a device; its entities' ids follow the name where that is wanted. */
export function DeviceDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const connected = useConnected();
  const entries = useEntityEntries();
  const areas = useAreaOptions();
  const labels = useLabelOptions();
  const [busy, act] = useAct();
  const [form, setForm] = useState({ name: device.name_by_user ?? '', area: device.area_id ?? '', labels: device.labels, ids: false });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const before = deviceName(device);
  const after = form.name.trim() || device.name || before;
  const follow = useMemo(
    () => [...entries.values()].filter((entry) => entry.device_id === device.id).flatMap((entry) => {
      const next = renamedId(entry.entity_id, before, after);
      return next ? [[entry.entity_id, next] as const] : [];
    }),
    [entries, device.id, before, after],
  );
  const save = async () => {
    const done = await act(() => session.command('config/device_registry/update', { device_id: device.id, name_by_user: form.name.trim() || null, area_id: form.area || null, labels: form.labels }), t('saved', { name: after }));
    if (!done) return;
    if (form.ids) {
      const refused = await inTurns(follow, ([id, next]) => session.command('config/entity_registry/update', { entity_id: id, new_entity_id: next }), undefined, 4);
      for (const { item, message } of refused) toast.error(`${item[0]}: ${message}`);
    }
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t('edit')}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextField label={t('name')} value={form.name} placeholder={device.name ?? ''} hint={t('nameHint')} onChange={(name) => set({ name })} autoFocus />
        {follow.length > 0 && <Checkbox label={t('renameIds', { count: follow.length })} hint={t('renameIdsHint', { from: follow[0]![0], to: follow[0]![1] })} value={form.ids} onChange={(ids) => set({ ids })} />}
        <ComboBox label={t('column.area')} options={[{ value: '', label: t('noArea') }, ...areas]} value={form.area} onChange={(area) => set({ area })} />
        <MultiPicker label={t('column.labels')} options={labels} value={form.labels} onChange={(chosen) => set({ labels: chosen })} />
      </div>
    </Dialog>
  );
}
