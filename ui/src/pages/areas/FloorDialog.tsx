import { useState } from 'react';
import { mdiStairs } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, MultiPicker, NumberField, TextField } from '@/components';
import { IconField } from '@/components/IconField';
import { type Floor, useConnected, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Areas.module.css';

/** `floor` null: a new one. */
export function FloorDialog({ floor, onClose }: { floor: Floor | null; onClose: () => void }) {
  const { t } = useTranslation('areas');
  const session = useSession();
  const connected = useConnected();
  const [busy, act] = useAct();
  const [form, setForm] = useState({ name: floor?.name ?? '', level: floor?.level ?? null, icon: floor?.icon ?? '', aliases: floor?.aliases ?? [] });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const save = async () => {
    const fields = { name: form.name.trim(), level: form.level, icon: form.icon || null, aliases: form.aliases };
    const done = await act(() => (floor ? session.command('config/floor_registry/update', { floor_id: floor.floor_id, ...fields }) : session.command('config/floor_registry/create', fields)), t('saved', { name: fields.name }));
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={floor ? t('floor.edit') : t('floor.add')}
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
        <NumberField label={t('floor.level')} hint={t('floor.levelHint')} value={form.level} step={1} onChange={(level) => set({ level })} />
        <IconField label={t('icon')} value={form.icon} onChange={(icon) => set({ icon })} fallback={mdiStairs} />
        <MultiPicker label={t('aliases')} hint={t('aliasesHint')} options={[]} custom placeholder={t('aliasesAdd')} value={form.aliases} onChange={(aliases) => set({ aliases })} />
      </div>
    </Dialog>
  );
}
