/** One card: its fields and its YAML beside each other in step, and how it looks. */

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, SelectorField, YamlEditor } from '@/components';
import { useSession } from '@/data';
import { CardHost, type FormField, loadCard } from '@/lovelace/host';
import { type CardConfig, type EntityRow, idOf } from '@/lovelace/types';
import styles from './Editor.module.css';

interface Props {
  config: CardConfig;
  onSave: (config: CardConfig) => void;
  onClose: () => void;
}

/** A list of entities in the form is ids; what the YAML says about one besides is kept. */
function merged(ids: unknown, before: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(ids)) return ids;
  const rows = new Map((before as EntityRow[]).flatMap((row) => (idOf(row) ? [[idOf(row)!, row] as const] : [])));
  return [...(ids as string[]).map((id) => rows.get(id) ?? id), ...(before as EntityRow[]).filter((row) => idOf(row) === null)];
}

const asIds = (value: unknown) => (Array.isArray(value) ? (value as EntityRow[]).map(idOf).filter((id) => id !== null) : value);

export function CardDialog({ config, onSave, onClose }: Props) {
  const { t } = useTranslation(['home', 'cards']);
  const session = useSession();
  const [draft, setDraft] = useState(config);
  const [valid, setValid] = useState(true);
  const [form, setForm] = useState<readonly FormField[] | null>(null);
  useEffect(() => {
    let wanted = true;
    void loadCard(config.type)?.then((module) => wanted && setForm(module.form ?? []));
    return () => {
      wanted = false;
    };
  }, [config.type]);
  const set = (name: string, value: unknown) => {
    const next: CardConfig = { ...draft, [name]: value };
    if (value === undefined || value === '') delete next[name];
    setDraft(next);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      dismissable={false}
      title={t('home:editor.cardTitle', { type: t([`cards:types.${config.type}.name`, 'cards:unknown.name'], { type: config.type }) })}
      footer={
        <>
          <Button onPress={onClose}>{t('home:editor.cancel')}</Button>
          <Button kind="primary" isDisabled={!valid || typeof draft.type !== 'string'} onPress={() => onSave(draft)}>
            {t('home:editor.apply')}
          </Button>
        </>
      }
    >
      <div className={styles.two}>
        <div className={styles.form}>
          {form?.map((field) => {
            const isList = field.name === 'entities';
            const [read, write] = [field.read ?? (isList ? asIds : undefined), field.write ?? (isList ? merged : undefined)];
            const selector = typeof field.selector === 'function' ? field.selector(draft, session, (key) => t(`cards:${key}`)) : field.selector;
            if (selector === null) return null;
            return (
              <SelectorField
                key={field.name}
                label={t([`cards:options.${field.name}`, 'cards:options.other'], { name: field.name })}
                selector={selector}
                required={field.required ?? false}
                value={read ? read(draft[field.name]) : draft[field.name]}
                onChange={(value) => set(field.name, write ? write(value, draft[field.name]) : value)}
              />
            );
          })}
          {form?.length === 0 && <p className={styles.note}>{t('home:editor.yamlOnly')}</p>}
        </div>
        <div className={styles.side}>
          <div>
            <div className={styles.label}>{t('home:editor.yaml')}</div>
            <YamlEditor
              label={t('home:editor.yaml')}
              value={draft}
              onValid={setValid}
              onChange={(value) => {
                const fits = value !== null && typeof value === 'object' && !Array.isArray(value) && typeof (value as CardConfig).type === 'string';
                setValid(fits);
                if (fits) setDraft(value as CardConfig);
              }}
            />
          </div>
          <div>
            <div className={styles.label}>{t('home:editor.preview')}</div>
            <div className={styles.preview} inert>
              <CardHost config={draft} />
            </div>
          </div>
        </div>
      </div>
    </Dialog>
  );
}
