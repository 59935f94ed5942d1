import { useTranslation } from 'react-i18next';
import { MultiPicker } from '@/components/pickers';
import type { FormProps } from '../../kinds/kind';
import { useSay } from '../../kinds/say';
import { asList, idsOf, type Piece } from '../../model/types';
import { useEditor } from '../context';
import { oneOrMany } from './parts';

/** Which of the automation's triggers it was. One without an id is known by its number. */
export function TriggerIdForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const say = useSay();
  const options = asList<Piece>(api.config().triggers).map((trigger, index) => ({
    value: trigger.id === undefined ? String(index) : String(trigger.id as string),
    label: say.piece('trigger', trigger),
    text: trigger.id === undefined ? t('conditions.trigger.number', { number: index + 1 }) : String(trigger.id as string),
  }));
  return <MultiPicker label={t('conditions.trigger.fields.id')} options={options} custom value={idsOf(piece.id)} onChange={(next) => change({ ...piece, id: oneOrMany(next) })} />;
}
