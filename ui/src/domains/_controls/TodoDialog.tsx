import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/fields';
import { useZone } from '@/data/zoned';
import styles from '../todo.module.css';
import { isoOf, localMoment } from './moments';

export interface TodoItem {
  uid: string;
  summary: string;
  status: 'needs_action' | 'completed';
  due?: string | null;
  description?: string | null;
}

/** What a list keeps of an item besides its words. */
export interface TodoKeeps {
  date: boolean;
  datetime: boolean;
  description: boolean;
}

interface Props {
  item: TodoItem;
  keeps: TodoKeeps;
  mayDelete: boolean;
  onSave: (changes: Record<string, unknown>) => Promise<boolean>;
  onDelete: () => Promise<boolean>;
  onClose: () => void;
}

/** Change one item. */
export function TodoDialog({ item, keeps, mayDelete, onSave, onDelete, onClose }: Props) {
  const { t } = useTranslation('domains');
  const zone = useZone();
  const [summary, setSummary] = useState(item.summary);
  const [description, setDescription] = useState(item.description ?? '');
  const timed = keeps.datetime && (item.due?.includes('T') ?? !keeps.date);
  const [due, setDue] = useState(item.due ? (timed ? localMoment(item.due, zone) : item.due.slice(0, 10)) : '');
  const [busy, setBusy] = useState(false);
  const after = async (work: Promise<boolean>) => {
    setBusy(true);
    if (await work) onClose();
    else setBusy(false);
  };
  const save = () =>
    after(
      onSave({
        rename: summary.trim(),
        ...(keeps.description ? { description: description || null } : {}),
        ...(keeps.date || keeps.datetime ? { [timed ? 'due_datetime' : 'due_date']: due ? (timed ? isoOf(due, zone) : due) : null } : {}),
      }),
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('todo.edit')}
      size="small"
      dismissable={false}
      footer={
        <>
          {mayDelete && (
            <Button kind="ghost" isDisabled={busy} onPress={() => void after(onDelete())}>
              {t('delete')}
            </Button>
          )}
          <Button kind="primary" busy={busy} isDisabled={!summary.trim()} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextField label={t('todo.item')} value={summary} onChange={setSummary} required autoFocus error={summary.trim() ? null : t('needed')} />
        {(keeps.date || keeps.datetime) && <TextField label={t('todo.due')} type={timed ? 'datetime-local' : 'date'} value={due} onChange={setDue} />}
        {keeps.description && <TextField label={t('todo.description')} value={description} onChange={setDescription} rows={3} />}
      </div>
    </Dialog>
  );
}
