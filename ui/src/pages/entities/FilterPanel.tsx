import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { type Option, TextField } from '@/components/fields';
import { MultiPicker, useAreaOptions, useDeviceOptions, useLabelOptions } from '@/components/pickers';
import { useTitles } from '@/data/words';
import styles from './Entities.module.css';
import { type Facet, type Filters, NO_FILTERS, NONE } from './filters';
import type { EntityRow } from './rows';

function counted(rows: readonly EntityRow[], key: 'domain' | 'integration', title: (domain: string) => string): Option[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[key], (counts.get(row[key]) ?? 0) + 1);
  return [...counts]
    .filter(([value]) => value)
    .map(([value, count]) => ({ value, label: title(value), text: String(count) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** Everything by which one can filter, beside the search. */
export function FilterPanel({ rows, filters, onChange }: { rows: readonly EntityRow[]; filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation('entities');
  const title = useTitles();
  const domains = useMemo(() => counted(rows, 'domain', title), [rows, title]);
  const integrations = useMemo(() => counted(rows, 'integration', title), [rows, title]);
  const [areas, devices, labels] = [useAreaOptions(), useDeviceOptions(), useLabelOptions()];
  const without = (label: string): Option => ({ value: NONE, label });
  const pick = (facet: Facet, label: string, options: readonly Option[]) => <MultiPicker label={label} options={options} value={filters[facet]} onChange={(value) => onChange({ ...filters, [facet]: value })} />;
  return (
    <section className={styles.panel} aria-label={t('filters')} id="entity-filters">
      {pick('domains', t('column.domain'), domains)}
      {pick('areas', t('column.area'), [without(t('none.area')), ...areas])}
      {pick('devices', t('column.device'), [without(t('none.device')), ...devices])}
      {pick('integrations', t('column.integration'), integrations)}
      {pick('labels', t('column.labels'), [without(t('none.label')), ...labels])}
      <TextField label={t('stateFilter')} hint={t('stateHint')} value={filters.state} onChange={(state) => onChange({ ...filters, state: state.trim() })} autoComplete="off" />
      <div className={styles.panelEnd}>
        <Button kind="ghost" onPress={() => onChange({ ...NO_FILTERS, search: filters.search })}>
          {t('clear')}
        </Button>
      </div>
    </section>
  );
}
