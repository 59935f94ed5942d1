/** Which entities may be asked for by voice. */

import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, type Column, DataTable, EntityIcon, FilterChip, SearchField, Skeleton, Switch } from '@/components';
import { asApiError, nameOf, useCommand, useConnected, useEntityIds, useSession } from '@/data';
import styles from './Voice.module.css';

/** The assistant that this server itself has. */
const ASSISTANT = 'conversation';
/** What nobody talks to. */
const SILENT = new Set(['update', 'event', 'zone', 'persistent_notification', 'conversation', 'tts', 'stt', 'tag', 'image']);

interface VoiceRow {
  id: string;
  name: string;
  exposed: boolean;
}

const keyOf = (row: VoiceRow) => row.id;

export default function Voice() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const ids = useEntityIds();
  const answer = useCommand<{ exposed_entities: Record<string, Record<string, boolean>> }>('homeassistant/expose_entity/list');
  const fresh = useCommand<{ expose_new: boolean }>('homeassistant/expose_new_entities/get', { assistant: ASSISTANT });
  const [changed, setChanged] = useState<Readonly<Record<string, boolean>>>({});
  const [filter, setFilter] = useState('');
  const [only, setOnly] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const known = answer.data?.exposed_entities;

  const expose = useCallback(
    async (entityIds: readonly string[], on: boolean) => {
      const mark = (value: boolean) => setChanged((now) => ({ ...now, ...Object.fromEntries(entityIds.map((id) => [id, value])) }));
      mark(on);
      try {
        await session.command('homeassistant/expose_entity', { assistants: [ASSISTANT], entity_ids: [...entityIds], should_expose: on });
      } catch (problem) {
        mark(!on);
        toast.error(asApiError(problem).message);
      }
    },
    [session],
  );
  const rows = useMemo<VoiceRow[]>(
    () =>
      ids
        .filter((id) => !SILENT.has(id.slice(0, id.indexOf('.'))))
        .map((id) => ({ id, name: nameOf(session.entities.get(id), id), exposed: changed[id] ?? known?.[id]?.[ASSISTANT] === true }))
        .filter((row) => !only || row.exposed),
    [ids, known, changed, only, session],
  );
  const columns = useMemo<Column<VoiceRow>[]>(
    () => [
      {
        id: 'name',
        label: t('voice.entity'),
        value: (row) => `${row.name} ${row.id}`,
        cell: (row) => (
          <span className={styles.entity}>
            <EntityIcon entityId={row.id} size={22} />
            <span>
              <strong>{row.name}</strong>
              <span>{row.id}</span>
            </span>
          </span>
        ),
      },
      {
        id: 'exposed',
        label: t('voice.exposed'),
        value: (row) => (row.exposed ? 0 : 1),
        cell: (row) => <Switch label={t('voice.expose', { name: row.name })} hideLabel value={row.exposed} disabled={!connected} onChange={(on) => void expose([row.id], on)} />,
        width: '110px',
        align: 'end',
      },
    ],
    [t, connected, expose],
  );
  const setNew = async (on: boolean) => {
    try {
      await session.command('homeassistant/expose_new_entities/set', { assistant: ASSISTANT, expose_new: on });
    } catch (problem) {
      toast.error(asApiError(problem).message);
    }
    fresh.reload();
  };
  const all = [...selected];
  return (
    <>
      {answer.error && !known && <Banner kind="error" title={t('failed')}>{answer.error.message}</Banner>}
      <Card>
        <Switch label={t('voice.new')} hint={t('voice.newHint')} value={fresh.data?.expose_new ?? false} disabled={!connected || !fresh.data} onChange={(on) => void setNew(on)} />
      </Card>
      <div className={styles.tools}>
        <SearchField label={t('voice.search')} value={filter} onChange={setFilter} />
        <FilterChip selected={only} onChange={setOnly}>
          {t('voice.only')}
        </FilterChip>
      </div>
      {selected.size > 0 && (
        <div className={styles.bulk}>
          <Chip tone="accent">{t('voice.selected', { count: selected.size })}</Chip>
          <Button small isDisabled={!connected} onPress={() => void expose(all, true)}>
            {t('voice.exposeAll')}
          </Button>
          <Button small isDisabled={!connected} onPress={() => void expose(all, false)}>
            {t('voice.hideAll')}
          </Button>
        </div>
      )}
      {known ? (
        <Card flush>
          <DataTable label={t('sections.voice.title')} rows={rows} rowKey={keyOf} columns={columns} filter={filter} selected={selected} onSelect={setSelected} rowHeight={60} />
        </Card>
      ) : (
        !answer.error && <Skeleton height={360} radius="var(--radius)" />
      )}
    </>
  );
}
