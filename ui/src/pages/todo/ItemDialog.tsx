import { useState } from 'react';
import { mdiDeleteOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, TextField } from '@/components';
import { useCall, useConnected } from '@/data';
import { can, dueFields, type Item } from './todo';
import styles from './Todo.module.css';

interface Props {
  item: Item;
  features: number | undefined;
  /** Whether it is still in the list. */
  exists: boolean;
  entityId: string;
  onClose: () => void;
  onRemove: () => void;
}

export function ItemDialog({ item, features, exists, entityId, onClose, onRemove }: Props) {
  const { t } = useTranslation('todo');
  const call = useCall();
  const connected = useConnected();
  const [summary, setSummary] = useState(item.summary);
  const [description, setDescription] = useState(item.description ?? '');
  const [date, setDate] = useState(item.due?.slice(0, 10) ?? '');
  const [time, setTime] = useState(item.due && item.due.length > 10 ? item.due.slice(11, 16) : '');
  const [busy, setBusy] = useState(false);
  const hasDate = can(features, 'dueDate') || can(features, 'dueTime');
  const save = async () => {
    setBusy(true);
    const changed = date !== (item.due?.slice(0, 10) ?? '') || time !== (item.due && item.due.length > 10 ? item.due.slice(11, 16) : '');
    const worked = await call(
      'todo',
      'update_item',
      {
        item: item.uid,
        ...(summary.trim() !== item.summary ? { rename: summary.trim() } : {}),
        ...(can(features, 'description') && description !== (item.description ?? '') ? { description: description || null } : {}),
        ...(hasDate && changed ? dueFields(date, time, features) : {}),
        status: item.status,
      },
      { entity_id: entityId },
    );
    setBusy(false);
    if (worked) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t('edit')}
      footer={
        <>
          {can(features, 'delete') && exists && (
            <Button
              kind="ghost"
              icon={mdiDeleteOutline}
              isDisabled={!connected}
              onPress={() => {
                onRemove();
                onClose();
              }}
            >
              {t('remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !summary.trim() || !exists || !can(features, 'update')} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {!exists && <Banner kind="warn">{t('itemGone')}</Banner>}
        <TextField label={t('summary')} value={summary} onChange={setSummary} required autoFocus />
        {can(features, 'description') && <TextField label={t('description')} value={description} onChange={setDescription} rows={3} />}
        {hasDate && (
          <div className={styles.due}>
            <TextField label={t('due')} type="date" value={date} onChange={setDate} />
            {can(features, 'dueTime') && <TextField label={t('dueTime')} type="time" value={time} onChange={setTime} disabled={!date} />}
          </div>
        )}
      </div>
    </Dialog>
  );
}
