import { useTranslation } from 'react-i18next';
import { ComboBox, EntitiesPicker, Select, SelectorField, Switch } from '@/components';
import { useEntities } from '@/data/hooks';
import { prettify } from '@/data/words';
import type { FormProps } from '../../kinds/kind';
import { idsOf } from '../../model/types';
import styles from './forms.module.css';
import { oneOrMany, someTime, withEntry } from './parts';
import { StatesField } from './StatesField';

/** The attribute of some entities that is looked at instead of their states. */
export function AttributeField({ entityIds, value, onChange }: { entityIds: readonly string[]; value: unknown; onChange: (value: string | undefined) => void }) {
  const { t } = useTranslation('automations');
  const names = [...new Set(useEntities(entityIds).flatMap((entity) => Object.keys(entity.attributes)))].sort();
  return (
    <ComboBox
      label={t('fields.attribute')}
      hint={t('fields.attributeHint')}
      custom
      options={[{ value: '', label: t('fields.noAttribute') }, ...names.map((name) => ({ value: name, label: prettify(name), text: name }))]}
      value={typeof value === 'string' ? value : ''}
      onChange={(next) => onChange(next || undefined)}
    />
  );
}

/** States of entities: where from and where to (a trigger), or which there must be (a condition). */
export function StateForm({ piece, change, states }: FormProps & { states: readonly ('from' | 'to' | 'state')[] }) {
  const { t } = useTranslation('automations');
  const ids = idsOf(piece.entity_id);
  const isCondition = states.includes('state');
  const anyTo = 'to' in piece && piece.to === null;
  return (
    <div className={styles.form}>
      <EntitiesPicker label={t('fields.entities')} value={ids} onChange={(next) => change({ ...piece, entity_id: oneOrMany(next) }, 'entity_id')} />
      {isCondition && ids.length > 1 && (
        <Select
          label={t('fields.match')}
          options={[{ value: 'all', label: t('fields.matchAll') }, { value: 'any', label: t('fields.matchAny') }]}
          value={String((piece.match as string | undefined) ?? 'all')}
          onChange={(next) => change(withEntry(piece, 'match', next === 'all' ? undefined : next))}
        />
      )}
      <div className={styles.columns}>
        {states.map((name) => (
          <StatesField
            key={name}
            label={t(`fields.${name}`)}
            {...(name === 'state' ? {} : { hint: t(`fields.${name}Hint`) })}
            entityIds={ids}
            attribute={piece.attribute as string | undefined}
            value={piece[name]}
            onChange={(value) => change(name === 'state' ? { ...piece, state: value ?? [] } : withEntry(piece, name, value), name)}
          />
        ))}
      </div>
      {!isCondition && !piece.attribute && piece.from === undefined && (piece.to === undefined || anyTo) && (
        <Switch label={t('fields.stateOnly')} hint={t('fields.stateOnlyHint')} value={anyTo} onChange={(on) => change(on ? { ...piece, to: null } : withEntry(piece, 'to', undefined))} />
      )}
      <div className={styles.columns}>
        <SelectorField label={t('fields.for')} hint={t('fields.forHint')} selector={typeof piece.for === 'string' && piece.for.includes('{') ? { template: {} } : { duration: {} }} value={piece.for} onChange={(value) => change(withEntry(piece, 'for', someTime(value)), 'for')} />
        <AttributeField entityIds={ids} value={piece.attribute} onChange={(value) => change(withEntry(piece, 'attribute', value), 'attribute')} />
      </div>
    </div>
  );
}
