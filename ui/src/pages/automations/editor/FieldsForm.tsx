/** The fields of a kind, each with the control of its selector. */

import { useTranslation } from 'react-i18next';
import { SelectorField, TextField } from '@/components';
import type { Selector } from '@/data/types';
import type { NamedKind } from '../kinds/kind';
import { isTemplate, type Piece } from '../model/types';
import styles from './FieldsForm.module.css';

interface OneProps {
  label: string;
  hint?: string | undefined;
  selector: Selector;
  required?: boolean | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

const TEXTS = new Set(['text', 'template', 'object']);

/** One value by its selector; one that is a template is shown as the text that it is. */
export function Value({ label, hint, selector, required = false, value, onChange }: OneProps) {
  const { t } = useTranslation('automations');
  const kind = Object.keys(selector)[0] ?? 'text';
  if (isTemplate(value) && !TEXTS.has(kind)) {
    return <TextField label={label} hint={t('isTemplate')} rows={2} monospace required={required} value={value} onChange={(next) => onChange(next === '' ? undefined : next)} />;
  }
  return <SelectorField label={label} hint={hint} selector={selector} required={required} value={value} onChange={onChange} />;
}

/** Options of a choice in words, where the texts have them. */
function worded(selector: Selector, text: (option: string) => string): Selector {
  const config = selector.select;
  if (!config || !Array.isArray(config.options)) return selector;
  return { select: { ...config, options: config.options.map((each: unknown) => (typeof each === 'string' ? { value: each, label: text(each) } : each)) } };
}

export function FieldsForm({ kind, piece, onChange }: { kind: NamedKind; piece: Piece; onChange: (next: Piece, key?: string) => void }) {
  const { t } = useTranslation('automations');
  const base = `${kind.role}s.${kind.name}`;
  const set = (name: string, value: unknown) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0 && piece[name] === undefined)) {
      const { [name]: _gone, ...rest } = piece;
      const required = kind.fields?.find((field) => field.name === name)?.required;
      onChange(required ? { ...piece, [name]: '' } : rest, name);
    } else {
      onChange({ ...piece, [name]: Array.isArray(value) && value.length === 1 && name !== 'update_type' && name !== 'allowed_methods' ? (value[0] as unknown) : value }, name);
    }
  };
  return (
    <div className={styles.fields}>
      {(kind.fields ?? [])
        .filter((field) => !field.when || field.when(piece))
        .map((field) => (
          <Value
            key={field.name}
            label={t(`${base}.fields.${field.name}`)}
            hint={field.hint ? t(`${base}.fields.${field.name}_hint`) : undefined}
            selector={worded(field.selector, (option) => t(`${base}.options.${option}`, { defaultValue: option }))}
            required={field.required}
            value={piece[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        ))}
    </div>
  );
}
