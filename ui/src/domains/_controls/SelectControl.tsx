import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useStateWords } from '@/data/words';
import { listOf, useControl } from './control';
import { Choices } from './parts';

/** `select` and `input_select`. */
export function SelectControl({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useStateWords();
  const { act, shown, gone } = useControl(entity);
  const options = listOf(entity, 'options');
  const state = shown('option', entity.state);
  return (
    <Choices
      label={t('choice')}
      choices={options.map((each) => ({ value: each, label: words(entity, each) }))}
      value={options.includes(state) ? state : null}
      disabled={gone}
      onChange={(option) => void act('select_option', { option }, { option })}
    />
  );
}
