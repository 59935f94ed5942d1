/** What entities were over the last hours: numbers as lines, other states as a share of time. */

import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '@/components/Card';
import { Chart, type Series } from '@/components/Chart';
import { EntityLink } from '@/components/EntityLink';
import { StateText } from '@/components/entity';
import { Skeleton } from '@/components/Skeleton';
import { useEntities, useSubscription } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { isActive, nameOf } from '@/data/words';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, idOf, rowsOf, text } from '@/lovelace/types';
import styles from './history-graph.module.css';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'entities', selector: { entity: { multiple: true } }, required: true },
  { name: 'hours_to_show', selector: { number: { min: 1, max: 168, mode: 'box', unit_of_measurement: 'h' } } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entities: entities.idsOf('sensor').filter((id) => entities.get(id)?.attributes.unit_of_measurement).slice(0, 1), hours_to_show: 24 });

interface Point {
  s: string;
  lu: number;
}
interface StreamEvent {
  states: Record<string, Point[]>;
  start_time?: number;
  end_time?: number;
}

/** Points that came while the card is shown are added; so many are kept. */
const AT_MOST = 5000;

const hoursOf = (config: CardConfig) => (Number(config.hours_to_show) > 0 ? Math.min(24 * 30, Number(config.hours_to_show)) : 24);

/** What it is now; a press opens its dialog. */
function Now({ entity, name }: { entity: Entity; name: string | undefined }) {
  return (
    <span>
      <EntityLink entityId={entity.entity_id}>{name ?? nameOf(entity)}</EntityLink> <StateText entityId={entity.entity_id} />
    </span>
  );
}

/** Other entities or hours are another graph, which begins now. */
export default function HistoryGraphCard({ config }: { config: CardConfig }) {
  return <Graph key={`${rowsOf(config).map(idOf).join()} ${hoursOf(config)}`} config={config} />;
}

function Graph({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const ids = rowsOf(config).map(idOf).filter((id) => id !== null);
  const names = new Map(rowsOf(config).flatMap((row) => (typeof row === 'object' && idOf(row) ? [[idOf(row)!, text(row.name)] as const] : [])));
  const entities = useEntities(ids);
  const hours = hoursOf(config);
  const [began] = useState(() => Date.now());
  const wanted = ids.join();
  const [past, setPast] = useState<Record<string, Point[]> | null>(null);
  const take = useCallback((event: StreamEvent) => {
    setPast((before) => {
      const next = { ...before };
      for (const [id, points] of Object.entries(event.states)) next[id] = [...(next[id] ?? []), ...points].slice(-AT_MOST);
      return next;
    });
  }, []);
  const message = useMemo(
    () => (wanted ? { type: 'history/stream', entity_ids: wanted.split(','), start_time: new Date(began - hours * 3_600_000).toISOString(), minimal_response: true, no_attributes: true } : null),
    [wanted, began, hours],
  );
  const error = useSubscription<StreamEvent>(message, take);

  const [numbers, others] = useMemo(() => {
    const lines: Series[] = [];
    const rest: typeof entities = entities.filter((entity) => entity.attributes.unit_of_measurement === undefined && Number.isNaN(Number(entity.state)));
    for (const entity of entities) {
      if (rest.includes(entity)) continue;
      const points = (past?.[entity.entity_id] ?? []).map((point) => [point.lu * 1000, point.s.trim() === '' || Number.isNaN(Number(point.s)) ? null : Number(point.s)] as const);
      const last = points.at(-1);
      lines.push({
        label: names.get(entity.entity_id) ?? nameOf(entity),
        // The last value holds until now.
        points: last && last[0] < began ? [...points, [began, last[1]] as const] : points,
        kind: points.length < 3 ? 'step' : 'line',
        ...(entity.attributes.unit_of_measurement ? { unit: entity.attributes.unit_of_measurement } : {}),
      });
    }
    return [lines, rest] as const;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- names are made of the configuration, as the entities are
  }, [entities, past, began]);

  const title = text(config.title);
  return (
    <Card {...(title ? { title } : {})}>
      {error && <p className={styles.note}>{error.message}</p>}
      {!error && past === null && ids.length > 0 && <Skeleton height={200} radius="var(--radius-m)" />}
      {past !== null && numbers.length > 0 && (
        <p className={styles.now}>
          {entities.filter((entity) => !others.includes(entity)).map((entity) => <Now key={entity.entity_id} entity={entity} name={names.get(entity.entity_id)} />)}
        </p>
      )}
      {past !== null && numbers.length > 0 && <Chart label={title ?? numbers.map((each) => each.label).join(', ')} series={numbers} height={200} from={began - hours * 3_600_000} to={began} />}
      {past !== null &&
        others.map((entity) => (
          <div key={entity.entity_id} className={styles.line}>
            <Now entity={entity} name={names.get(entity.entity_id)} />
            <div className={styles.bar} role="img" aria-label={t('timeline', { name: nameOf(entity) })}>
              {(past[entity.entity_id] ?? []).map((point, index, all) => {
                const [from, to] = [began - hours * 3_600_000, began];
                const start = Math.max(from, point.lu * 1000);
                const end = Math.min(to, (all[index + 1]?.lu ?? to / 1000) * 1000);
                if (end <= start) return null;
                return (
                  <span
                    key={`${point.lu} ${index}`}
                    title={point.s}
                    className={isActive({ ...entity, state: point.s }) ? styles.on : styles.off}
                    style={{ insetInlineStart: `${((start - from) / (to - from)) * 100}%`, width: `${((end - start) / (to - from)) * 100}%` }}
                  />
                );
              })}
            </div>
          </div>
        ))}
      {ids.length === 0 && <p className={styles.note}>{t('noEntities')}</p>}
    </Card>
  );
}
