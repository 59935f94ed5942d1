/** A helper that is kept as an item: made or changed in a form. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { SelectorField } from '@/components/SelectorField';
import { useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Selector } from '@/data/types';
import { beginningOf, FIELDS, itemOf, problemOf } from './kinds';
import { WeekField } from './WeekField';
import styles from './Helpers.module.css';

export interface Item {
  id: string;
  [field: string]: unknown;
}

interface Props {
  kind: string;
  /** null: a new one. */
  item: Item | null;
  onClose: () => void;
  onSaved: () => void;
}

export function ItemDialog({ kind, item, onClose, onSaved }: Props) {
  const { t } = useTranslation('helpers');
  const session = useSession();
  const connected = useConnected();
  const [values, setValues] = useState<Record<string, unknown>>(() => (item ? { ...beginningOf(kind), ...item } : beginningOf(kind)));
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const problem = problemOf(kind, values);
  const save = async () => {
    setTried(true);
    if (problem) return;
    setBusy(true);
    setRefused(null);
    try {
      const data = itemOf(kind, values);
      if (item) await session.command(`${kind}/update`, { [`${kind}_id`]: item.id, ...data });
      else await session.command(`${kind}/create`, data);
      toast.ok(t(item ? 'saved' : 'made', { name: String(values.name) }));
      onSaved();
      onClose();
    } catch (error) {
      setRefused(asApiError(error).message);
      setBusy(false);
    }
  };
  /** The words of choices are ours. */
  const inWords = (selector: Selector): Selector => {
    const select = selector.select;
    if (!select || select.multiple || !Array.isArray(select.options)) return selector;
    return { select: { options: (select.options as string[]).map((value) => ({ value, label: t(`choice.${value}`) })) } };
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={item ? String(item.name) : t(`kind.${kind}.name`)}
      footer={
        <Button kind="primary" busy={busy} isDisabled={!connected} onPress={() => void save()}>
          {t(item ? 'save' : 'make')}
        </Button>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {refused && <Banner kind="error" title={t('refused')}>{refused}</Banner>}
        {FIELDS[kind]?.map((field) => (
          <SelectorField
            key={field.name}
            label={t(`field.${field.name}`)}
            hint={HINTS.has(field.name) ? t(`hint.${field.name}`) : undefined}
            selector={inWords(field.selector)}
            required={field.required ?? false}
            value={values[field.name]}
            error={tried && problem === 'problem.needed' && field.required && !values[field.name] ? t('problem.needed') : undefined}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {kind === 'schedule' && <WeekField week={values} onChange={(change) => setValues({ ...values, ...change })} />}
        {tried && problem && problem !== 'problem.needed' && <Banner kind="error">{t(problem)}</Banner>}
        {tried && problem === 'problem.needed' && <p className="visually-hidden" role="alert">{t('problem.needed')}</p>}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Dialog>
  );
}

const HINTS: ReadonlySet<string> = new Set(['icon', 'options', 'pattern', 'restore']);
