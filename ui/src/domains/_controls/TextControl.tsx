import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { numberOf, textOf, useControl } from './control';
import { Draft } from './Draft';

/** Whether a text matches the whole of a pattern; a pattern that browsers do not know is the server's to judge. */
export function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return true;
  }
}

/** `text` and `input_text`. */
export function TextControl({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const [min, max] = [numberOf(entity, 'min') ?? 0, numberOf(entity, 'max') ?? 255];
  const pattern = textOf(entity, 'pattern');
  const check = (text: string) => {
    if (text.length < min) return t('text.short', { count: min });
    if (text.length > max) return t('text.long', { count: max });
    return pattern && !matches(pattern, text) ? t('text.pattern', { pattern }) : null;
  };
  return (
    <Draft
      label={t('text.label')}
      type={entity.attributes.mode === 'password' ? 'password' : 'text'}
      value={entity.state === 'unknown' || gone ? '' : entity.state}
      disabled={gone}
      check={check}
      onSave={(value) => act('set_value', { value })}
    />
  );
}
