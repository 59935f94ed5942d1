/** A map of the home: its zones, and where these entities are; the same as a list. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useEntities, useEntityIds, useHomeConfig } from '@/data/hooks';
import { domainOf, formatNumber, nameOf, useStateWords } from '@/data/words';
import { openMoreInfo } from '../MoreInfo';
import { RelativeTime } from '../RelativeTime';
import { distance, lengthOf, type Point, windOf } from './geo';
import styles from './HomeMap.module.css';
import { MapView, type MapSpot } from './MapView';
import { isHome, isShownZone, numberIn, pointOf, whereIs } from './places';

interface Props {
  label: string;
  entityIds: readonly string[];
  /** Other names than their own. */
  names?: ReadonlyMap<string, string> | undefined;
  /** So many hours of where they were; 0: none. */
  hours?: number;
  /** ISO time at which these hours begin. */
  since?: string | undefined;
  nearest?: number | undefined;
  height: number;
  ratio?: string | undefined;
  /** Without the list below: where its facts stand beside it anyway. */
  plain?: boolean;
}

type Past = Record<string, { a?: Record<string, unknown> }[]>;

function pathOf(states: Past[string] | undefined): Point[] {
  return (states ?? []).flatMap(({ a }) => (typeof a?.latitude === 'number' && typeof a.longitude === 'number' ? [{ latitude: a.latitude, longitude: a.longitude }] : []));
}

export function useImperial(): boolean {
  return useHomeConfig()?.unit_system.length === 'mi';
}

export function HomeMap({ label, entityIds, names, hours = 0, since, nearest, height, ratio, plain = false }: Props) {
  const { t, i18n } = useTranslation('components');
  const words = useStateWords();
  const imperial = useImperial();
  const zones = useEntities(useEntityIds('zone'));
  const entities = useEntities(entityIds);
  const past = useCommand<Past>(hours > 0 && since && entityIds.length > 0 ? 'history/history_during_period' : null, {
    start_time: since, entity_ids: entityIds, minimal_response: false, no_attributes: false, significant_changes_only: false,
  });
  const paths = useMemo(() => new Map(Object.entries(past.data ?? {}).map(([id, states]) => [id, pathOf(states)] as const)), [past.data]);
  const home = pointOf(zones.find(isHome));
  const shownZones = zones.filter(isShownZone).map((zone) => ({
    ...pointOf(zone)!, id: zone.entity_id, name: nameOf(zone), radius: numberIn(zone, 'radius') ?? 100, icon: zone.attributes.icon, tone: isHome(zone) ? ('home' as const) : undefined,
  }));
  const known = entities.flatMap((entity) => {
    const found = domainOf(entity.entity_id) === 'zone' ? null : whereIs(entity, zones);
    return found ? [{ entity, found }] : [];
  });
  const spots: MapSpot[] = known.map(({ entity, found }) => {
    const path = paths.get(entity.entity_id);
    const picture = entity.attributes.entity_picture;
    return {
      ...found, id: entity.entity_id, name: names?.get(entity.entity_id) ?? nameOf(entity), text: words(entity),
      picture: picture?.startsWith('/') ? picture : undefined,
      icon: domainOf(entity.entity_id) === 'person' ? undefined : entity.attributes.icon,
      path: path?.length ? [...path, found] : undefined,
    };
  });
  const unknown = entities.filter((entity) => domainOf(entity.entity_id) !== 'zone' && !known.some((each) => each.entity === entity));
  const length = (metres: number) => {
    const { value, unit } = lengthOf(metres, imperial);
    return `${formatNumber(value, i18n.language, { max: value < 10 ? 1 : 0 })}\u00a0${unit}`;
  };
  const asked = new Set(entityIds);
  return (
    <div>
      <MapView label={label} zones={shownZones} spots={spots} origin={home ?? undefined} imperial={imperial} nearest={nearest} fitZones={spots.length === 0 || entityIds.some((id) => id.startsWith('zone.'))} height={height} ratio={ratio} onOpen={openMoreInfo} />
      {!plain && (
        <details className={styles.list}>
          <summary>{t('map.list', { count: known.length + unknown.length })}</summary>
          <ul>
            {known.map(({ entity, found }) => {
              const away = home ? distance(home, found) : 0;
              return (
                <li key={entity.entity_id}>
                  <button type="button" onClick={() => openMoreInfo(entity.entity_id)}>
                    <strong>{names?.get(entity.entity_id) ?? nameOf(entity)}</strong>
                    <span>
                      {[
                        words(entity),
                        home && away > 50 && !found.byZone && t('map.away', { distance: length(away), wind: t(`map.winds.${windOf(home, found)}`) }),
                        found.accuracy > 0 && t('map.accuracy', { distance: length(found.accuracy) }),
                      ].filter(Boolean).join(' · ')}
                    </span>
                    <small><RelativeTime at={entity.lastUpdated} /></small>
                  </button>
                </li>
              );
            })}
            {unknown.map((entity) => (
              <li key={entity.entity_id}>
                <button type="button" onClick={() => openMoreInfo(entity.entity_id)}>
                  <strong>{names?.get(entity.entity_id) ?? nameOf(entity)}</strong>
                  <span>{[words(entity), t('map.unknown')].join(' · ')}</span>
                </button>
              </li>
            ))}
            {shownZones.filter((zone) => asked.has(zone.id)).map((zone) => (
              <li key={zone.id}>
                <button type="button" onClick={() => openMoreInfo(zone.id)}>
                  <strong>{zone.name}</strong>
                  <span>{t('map.around', { distance: length(zone.radius) })}</span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
