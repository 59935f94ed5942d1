import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, type Column, DataTable, SearchField } from '@/components';
import { StateLink } from '@/components/EntityLink';
import { useEntitiesLoaded, useEntity, useEntityIds, useSession } from '@/data';
import { nameOf } from '@/data/words';
import styles from '../Tools.module.css';
import { useDraft } from '../useDraft';
import { fits } from './filter';
import { StateDialog } from './StateDialog';

/** How often a list that is filtered by states is looked through again. */
const AGAIN_MS = 2000;
const keyOf = (id: string) => id;

export default function StatesTab() {
  const { t } = useTranslation('developer-tools');
  const { entities } = useSession();
  const ids = useEntityIds();
  const loaded = useEntitiesLoaded();
  const [filter, setFilter] = useDraft('states', { id: '', state: '', attributes: '' });
  const [open, setOpen] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const wanted = useDeferredValue(filter);
  const moves = Boolean(wanted.state || wanted.attributes);
  useEffect(() => {
    if (!moves) return undefined;
    const timer = setInterval(() => setTurn((before) => before + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, [moves]);

  const rows = useMemo(() => {
    void turn; // looked through again: states have changed meanwhile
    if (!wanted.id && !wanted.state && !wanted.attributes) return ids;
    return ids.filter((id) => {
      const entity = entities.get(id);
      return entity !== undefined && fits(entity, wanted);
    });
  }, [ids, entities, wanted, turn]);

  const columns = useMemo<Column<string>[]>(
    () => [
      { id: 'id', label: t('states.entity'), value: (id) => id, cell: (id) => <Name id={id} />, width: 'minmax(0, 2fr)' },
      { id: 'state', label: t('states.state'), value: (id) => entities.get(id)?.state, cell: (id) => <State id={id} />, width: 'minmax(0, 1fr)' },
      { id: 'attributes', label: t('states.attributes'), value: () => '', cell: (id) => <Attributes id={id} />, width: 'minmax(0, 3fr)', sortable: false, show: 'wide' },
    ],
    [t, entities],
  );

  return (
    <div className={styles.tab}>
      <div className={styles.filters}>
        <SearchField label={t('states.byId')} value={filter.id} onChange={(id) => setFilter({ ...filter, id })} />
        <SearchField label={t('states.byState')} value={filter.state} onChange={(state) => setFilter({ ...filter, state })} />
        <SearchField label={t('states.byAttribute')} value={filter.attributes} onChange={(attributes) => setFilter({ ...filter, attributes })} />
        <Button icon={mdiPlus} onPress={() => setOpen('')}>
          {t('states.set')}
        </Button>
      </div>
      <p className={styles.quiet} role="status">
        {loaded ? t('states.count', { count: rows.length, all: ids.length }) : t('loading')}
      </p>
      <DataTable label={t('tabs.states')} rows={rows} rowKey={keyOf} columns={columns} onOpen={setOpen} />
      {open !== null && <StateDialog entityId={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Name({ id }: { id: string }) {
  const entity = useEntity(id);
  return (
    <span className={styles.two}>
      <span>{id}</span>
      <small>{nameOf(entity, id)}</small>
    </span>
  );
}

function State({ id }: { id: string }) {
  const state = useEntity(id)?.state ?? '–';
  return (
    <StateLink entityId={id}>
      <code>{state}</code>
    </StateLink>
  );
}

function Attributes({ id }: { id: string }) {
  const attributes = useEntity(id)?.attributes ?? {};
  const text = Object.entries(attributes)
    .filter(([name]) => name !== 'friendly_name')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 300);
  return <span className={styles.small}>{text}</span>;
}
