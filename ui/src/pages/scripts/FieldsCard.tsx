/** What a script asks for when it is run: its fields, each with the control that is shown for it. */

import { useState } from 'react';
import { mdiDelete, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, Select, Switch, TextField, YamlEditor } from '@/components';
import { useEditor } from '../automations/editor/context';
import bodyStyles from '../automations/editor/PieceBody.module.css';
import formStyles from '../automations/editor/forms/forms.module.css';
import { withEntry } from '../automations/editor/forms/parts';
import { type Config, isRecord, type Piece } from '../automations/model/types';
import { slug } from './names';

const KINDS = ['text', 'number', 'boolean', 'select', 'entity', 'device', 'area', 'time', 'date', 'datetime', 'duration', 'color_rgb', 'object', 'template'];

export function FieldsCard({ config }: { config: Config }) {
  const { t } = useTranslation('scripts');
  const api = useEditor();
  const fields = isRecord(config.fields) ? config.fields : {};
  const names = Object.keys(fields);
  const set = (next: Record<string, unknown>, key?: string) => api.edit((now) => withEntry(now, 'fields', Object.keys(next).length ? next : undefined), key);
  const replace = (name: string, field: Piece, key: string) => set({ ...fields, [name]: field }, `field ${name} ${key}`);

  const add = () => {
    let number = names.length + 1;
    while (`field_${number}` in fields) number += 1;
    set({ ...fields, [`field_${number}`]: { name: t('fields.newName', { number }), selector: { text: {} } } });
  };
  const rename = (from: string, to: string) => {
    const name = slug(to);
    if (name === from || name in fields) return;
    set(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key === from ? name : key, value])));
  };
  return (
    <details className={bodyStyles.options} open={names.length > 0 || undefined}>
      <summary>{t('fields.title')}</summary>
      <p className={formStyles.hint}>{t('fields.text')}</p>
      {names.map((name) => (
        <Field key={name} name={name} field={isRecord(fields[name]) ? fields[name] : {}} onChange={(field, key) => replace(name, field, key)} onRename={(to) => rename(name, to)} onRemove={() => set(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)))} />
      ))}
      <div>
        <Button small kind="ghost" icon={mdiPlus} onPress={add}>
          {t('fields.add')}
        </Button>
      </div>
    </details>
  );
}

interface FieldProps {
  name: string;
  field: Piece;
  onChange: (field: Piece, key: string) => void;
  onRename: (to: string) => void;
  onRemove: () => void;
}

function Field({ name, field, onChange, onRename, onRemove }: FieldProps) {
  const { t } = useTranslation('scripts');
  const selector = isRecord(field.selector) ? field.selector : {};
  const kind = Object.keys(selector)[0] ?? 'text';
  const config = selector[kind];
  const title = String((field.name as string | undefined) ?? name);
  return (
    <section className={formStyles.option} aria-label={title}>
      <header>
        <span>{title}</span>
        <IconButton label={t('fields.remove', { name: title })} icon={mdiDelete} onPress={onRemove} />
      </header>
      <div className={formStyles.columns}>
        <TextField label={t('fields.name')} value={String((field.name as string | undefined) ?? '')} onChange={(value) => onChange(withEntry(field, 'name', value), 'name')} />
        <KeyField name={name} onRename={onRename} />
        <Select label={t('fields.kind')} options={[...new Set([...KINDS, kind])].map((value) => ({ value, label: t(`fields.kinds.${value}`, { defaultValue: value }) }))} value={kind} onChange={(next) => onChange({ ...field, selector: { [next]: next === 'select' ? { options: [] } : next === 'number' ? { min: 0, max: 100 } : {} } }, 'kind')} />
        <TextField label={t('fields.description')} value={String((field.description as string | undefined) ?? '')} onChange={(value) => onChange(withEntry(field, 'description', value), 'description')} />
      </div>
      <Switch label={t('fields.required')} value={field.required === true} onChange={(value) => onChange(withEntry(field, 'required', value || undefined), 'required')} />
      <details className={bodyStyles.options}>
        <summary>{t('fields.more')}</summary>
        <YamlEditor label={t('fields.options')} value={config ?? {}} onChange={(value) => onChange({ ...field, selector: { [kind]: isRecord(value) ? value : {} } }, 'options')} />
        <YamlEditor label={t('fields.default')} value={field.default} onChange={(value) => onChange(withEntry(field, 'default', value ?? undefined), 'default')} />
      </details>
    </section>
  );
}

/** The word by which templates know the field: taken over when one leaves the field, not at every letter. */
function KeyField({ name, onRename }: { name: string; onRename: (to: string) => void }) {
  const { t } = useTranslation('scripts');
  const [typed, setTyped] = useState(name);
  return <TextField label={t('fields.key')} hint={t('fields.keyHint')} monospace value={typed} onChange={setTyped} onBlur={() => typed && onRename(typed)} />;
}
