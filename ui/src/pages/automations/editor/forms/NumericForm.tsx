import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntitiesPicker, EntityPicker, NumberField, Select, SelectorField, TextField } from '@/components';
import { useEntities } from '@/data/hooks';
import type { FormProps } from '../../kinds/kind';
import { idsOf, type Piece } from '../../model/types';
import styles from './forms.module.css';
import { oneOrMany, someTime, withEntry } from './parts';
import { AttributeField } from './StateForm';

const LIMITS = ['sensor', 'number', 'input_number', 'zone'];

/** A limit: a number, or an entity that holds one. */
function Limit({ name, piece, unit, change }: { name: 'above' | 'below'; piece: Piece; unit: string | undefined; change: FormProps['change'] }) {
  const { t } = useTranslation('automations');
  const value = piece[name];
  const isNamed = typeof value === 'string' && Number.isNaN(Number(value));
  const [way, setWay] = useState(isNamed ? 'entity' : 'number');
  const set = (next: unknown) => change(withEntry(piece, name, next), name);
  return (
    <div className={styles.row}>
      {way === 'number' ? (
        <NumberField label={t(`fields.${name}`)} value={value === undefined || isNamed ? null : Number(value)} onChange={(next) => set(next ?? undefined)} {...(unit ? { unit } : {})} />
      ) : (
        <EntityPicker label={t(`fields.${name}`)} filter={{ domains: LIMITS }} value={isNamed ? value : null} onChange={set} />
      )}
      <Select
        label={t('fields.limitBy')}
        hideLabel
        options={[{ value: 'number', label: t('fields.limitNumber') }, { value: 'entity', label: t('fields.limitEntity') }]}
        value={way}
        onChange={(next) => {
          setWay(next);
          set(undefined);
        }}
      />
    </div>
  );
}

export function NumericForm({ piece, change, lasting = false }: FormProps & { lasting?: boolean }) {
  const { t } = useTranslation('automations');
  const ids = idsOf(piece.entity_id);
  const unit = useEntities(ids)[0]?.attributes.unit_of_measurement;
  return (
    <div className={styles.form}>
      <EntitiesPicker label={t('fields.entities')} value={ids} onChange={(next) => change({ ...piece, entity_id: oneOrMany(next) }, 'entity_id')} />
      <div className={styles.columns}>
        <Limit name="above" piece={piece} unit={piece.attribute ? undefined : unit} change={change} />
        <Limit name="below" piece={piece} unit={piece.attribute ? undefined : unit} change={change} />
      </div>
      <p className={styles.hint}>{t('fields.limitHint')}</p>
      <div className={styles.columns}>
        {lasting && <SelectorField label={t('fields.for')} hint={t('fields.forHint')} selector={{ duration: {} }} value={piece.for} onChange={(value) => change(withEntry(piece, 'for', someTime(value)), 'for')} />}
        <AttributeField entityIds={ids} value={piece.attribute} onChange={(value) => change(withEntry(piece, 'attribute', value), 'attribute')} />
      </div>
      {piece.value_template !== undefined && (
        <TextField label={t('fields.valueTemplate')} rows={2} monospace value={String(piece.value_template as string)} onChange={(value) => change(withEntry(piece, 'value_template', value), 'value_template')} />
      )}
    </div>
  );
}
