import { useState } from 'react';
import { mdiLabelOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, TextField } from '@/components';
import { IconField } from '@/components/IconField';
import { type Label, useConnected, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { COLORS } from './colors';
import styles from './Labels.module.css';

const OFFERED = Object.keys(COLORS).filter((name) => !['primary', 'accent', 'disabled', 'inactive', 'black', 'white'].includes(name));

/** `label` null: a new one. */
export function LabelDialog({ label, onClose }: { label: Label | null; onClose: () => void }) {
  const { t } = useTranslation('labels');
  const session = useSession();
  const connected = useConnected();
  const [busy, act] = useAct();
  const [form, setForm] = useState({ name: label?.name ?? '', color: label?.color ?? null, icon: label?.icon ?? '', description: label?.description ?? '' });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const save = async () => {
    const fields = { name: form.name.trim(), color: form.color, icon: form.icon || null, description: form.description.trim() || null };
    const done = await act(() => (label ? session.command('config/label_registry/update', { label_id: label.label_id, ...fields }) : session.command('config/label_registry/create', fields)), t('saved', { name: fields.name }));
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t(label ? 'edit' : 'add')}
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
        <fieldset className={styles.colors}>
          <legend>{t('color')}</legend>
          {[null, ...OFFERED].map((color) => (
            <label key={color ?? 'none'} className={styles.swatch} title={t(`colors.${color ?? 'none'}`)}>
              <input type="radio" name="color" checked={form.color === color} onChange={() => set({ color })} aria-label={t(`colors.${color ?? 'none'}`)} />
              <span style={color ? { background: COLORS[color] } : undefined} />
            </label>
          ))}
        </fieldset>
        <IconField label={t('icon')} value={form.icon} onChange={(icon) => set({ icon })} fallback={mdiLabelOutline} />
        <TextField label={t('description')} value={form.description} onChange={(description) => set({ description })} rows={2} />
      </div>
    </Dialog>
  );
}
