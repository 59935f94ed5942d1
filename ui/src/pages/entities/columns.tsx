/** The columns from which one chooses. */

import type { TFunction } from 'i18next';
import type { Column } from '@/components/DataTable';
import { EntityIcon, EntityToggle, StateText, TOGGLES } from '@/components/entity';
import { RelativeTime } from '@/components/RelativeTime';
import { useEntityValue } from '@/data/hooks';
import type { EntityStore } from '@/data/entities';
import styles from './Entities.module.css';
import type { EntityRow } from './rows';

export const COLUMNS = ['name', 'state', 'area', 'device', 'integration', 'labels', 'domain', 'id', 'changed', 'switch'] as const;
export type ColumnId = (typeof COLUMNS)[number];
export const DEFAULT_COLUMNS: readonly ColumnId[] = ['name', 'area', 'device', 'integration', 'state', 'switch'];
/** By which rows can be grouped. */
export const GROUPS = ['area', 'device', 'integration', 'domain'] as const;

function Changed({ id }: { id: string }) {
  const at = useEntityValue(id, (entity) => entity?.lastChanged);
  return at === undefined ? null : <RelativeTime at={at} />;
}

function Name({ row }: { row: EntityRow }) {
  const name = useEntityValue(row.id, (entity) => entity?.attributes.friendly_name) ?? row.name;
  return (
    <span className={styles.name}>
      {row.disabled ? null : <EntityIcon entityId={row.id} size={20} />}
      <span className={styles.words}>
        <span className={styles.title}>{name}</span>
        <span className={styles.more}>{row.id}</span>
      </span>
    </span>
  );
}

/** `stateOf` is asked while sorting only: cells follow their entity by themselves. `title` names integrations and kinds. */
export function columnsOf(ids: readonly ColumnId[], t: TFunction<'entities'>, entities: EntityStore, title: (domain: string) => string): Column<EntityRow>[] {
  const all: Record<ColumnId, Omit<Column<EntityRow>, 'id' | 'label'>> = {
    name: { value: (row) => row.name, cell: (row) => <Name row={row} />, width: 'minmax(0, 2.4fr)' },
    state: {
      value: (row) => {
        const state = entities.stateOf(row.id) ?? '';
        const number = state === '' ? Number.NaN : Number(state);
        return Number.isFinite(number) ? number : state;
      },
      cell: (row) => (row.disabled ? <span className={styles.quiet}>{t('status.disabled')}</span> : <StateText entityId={row.id} />),
      width: 'minmax(72px, 1fr)',
      align: 'end',
    },
    area: { value: (row) => row.area, width: 'minmax(0, 1fr)', show: 'wide' },
    device: { value: (row) => row.device, width: 'minmax(0, 1.2fr)', show: 'wide' },
    integration: { value: (row) => row.integration && title(row.integration), width: 'minmax(0, 0.8fr)', show: 'wide' },
    labels: { value: (row) => row.labelNames, width: 'minmax(0, 1fr)', show: 'wide' },
    domain: { value: (row) => title(row.domain), width: 'minmax(0, 0.8fr)', show: 'wide' },
    id: { value: (row) => row.id, width: 'minmax(0, 1.6fr)', show: 'wide' },
    changed: { value: (row) => entities.get(row.id)?.lastChanged, cell: (row) => <Changed id={row.id} />, width: 'minmax(0, 1fr)', show: 'wide', align: 'end' },
    switch: {
      value: () => null,
      sortable: false,
      cell: (row) => (TOGGLES.has(row.domain) && !row.disabled ? <EntityToggle entityId={row.id} /> : null),
      width: '56px',
      show: 'wide',
    },
  };
  return COLUMNS.filter((id) => id === 'name' || ids.includes(id))
    .sort((a, b) => order(a) - order(b))
    .map((id) => ({ id, label: id === 'switch' ? '' : t(`column.${id}`), ...all[id] }));
}

/** The state and its switch stand at the end, where a thumb is. */
const order = (id: ColumnId): number => (id === 'name' ? 0 : id === 'state' ? 98 : id === 'switch' ? 99 : COLUMNS.indexOf(id) + 1);
