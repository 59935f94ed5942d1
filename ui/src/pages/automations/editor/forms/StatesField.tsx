import { useMemo } from 'react';
import { MultiPicker } from '@/components/pickers';
import { useEntities } from '@/data/hooks';
import { useStateWords } from '@/data/words';
import { asList } from '../../model/types';
import { knownStates } from './knownStates';
import { oneOrMany } from './parts';

interface Props {
  label: string;
  hint?: string;
  entityIds: readonly string[];
  /** States of the attribute are typed freely. */
  attribute?: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** One state or several, suggested from what the entities can be. */
export function StatesField({ label, hint, entityIds, attribute, value, onChange }: Props) {
  const entities = useEntities(entityIds);
  const words = useStateWords();
  const options = useMemo(() => {
    const first = entities[0];
    if (!first) return [];
    if (attribute) {
      const values = new Set(entities.map((each) => String(each.attributes[attribute] ?? '')).filter(Boolean));
      return [...values].map((each) => ({ value: each, label: each }));
    }
    return knownStates(entities).map((state) => ({ value: state, label: words(first, state), text: state }));
  }, [entities, attribute, words]);
  const chosen = asList(value).map(String);
  return <MultiPicker label={label} {...(hint ? { hint } : {})} options={options} custom value={chosen} onChange={(next) => onChange(next.length ? oneOrMany(next) : undefined)} />;
}
