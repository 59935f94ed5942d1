/** A map on which a place is chosen: a press puts it there; the other zones and distances from the home help to find it. */

import { useTranslation } from 'react-i18next';
import { useEntities, useEntityIds } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import { useImperial } from './HomeMap';
import { MapView } from './MapView';
import { isHome, isShownZone, numberIn, pointOf } from './places';
import type { Point } from './geo';

interface Props {
  label: string;
  name: string;
  /** null: not chosen yet. */
  place: Point | null;
  radius: number;
  icon?: string | undefined;
  /** The zone that is being edited as it was: it is not drawn a second time. */
  before?: (Point & { name: string }) | undefined;
  /** It is the home itself. */
  home?: boolean;
  /** As near as it goes by itself. */
  nearest?: number | undefined;
  onPick: (place: Point) => void;
}

/** Degrees of 0.1 m: what a finger points at is no nearer. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

export function PlaceMap({ label, name, place, radius, icon, before, home = false, nearest, onPick }: Props) {
  const { t } = useTranslation('components');
  const imperial = useImperial();
  const zones = useEntities(useEntityIds('zone'));
  const isOwn = (zone: Entity) => (isHome(zone) ? home : before !== undefined && nameOf(zone) === before.name && zone.attributes.latitude === before.latitude && zone.attributes.longitude === before.longitude);
  const others = zones.filter((zone) => !isOwn(zone) && isShownZone(zone)).map((zone) => ({
    ...pointOf(zone)!, id: zone.entity_id, name: nameOf(zone), radius: numberIn(zone, 'radius') ?? 100, icon: zone.attributes.icon, tone: isHome(zone) ? ('home' as const) : undefined,
  }));
  const own = place && { ...place, id: 'own', name: name || t('map.here'), radius, icon, tone: 'own' as const };
  return (
    <MapView
      label={label}
      zones={own ? [...others, own] : others}
      spots={[]}
      origin={(home ? place : pointOf(zones.find(isHome))) ?? undefined}
      imperial={imperial}
      nearest={nearest}
      height={280}
      onPick={({ latitude, longitude }) => onPick({ latitude: round(latitude), longitude: round(longitude) })}
    />
  );
}
