/** What of the home's entities stands where. Pure. */

import type { Entity } from '@/data/types';
import { domainOf, nameOf } from '@/data/words';
import type { Point } from './geo';

const HOME = 'zone.home';

export const numberIn = (entity: Entity | undefined, attribute: string): number | null => {
  const value = entity?.attributes[attribute];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export function pointOf(entity: Entity | undefined): Point | null {
  const [latitude, longitude] = [numberIn(entity, 'latitude'), numberIn(entity, 'longitude')];
  return latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ? null : { latitude, longitude };
}

export interface Found extends Point {
  /** Metres; 0: exactly, or nobody says. */
  accuracy: number;
  /** Only the zone is known. */
  byZone: boolean;
}

/** Where somebody is: by position, else by the zone that the state names. null: nobody knows. */
export function whereIs(entity: Entity, zones: readonly Entity[]): Found | null {
  const own = pointOf(entity);
  if (own) return { ...own, accuracy: Math.max(0, numberIn(entity, 'gps_accuracy') ?? 0), byZone: false };
  if (!['person', 'device_tracker'].includes(domainOf(entity.entity_id))) return null;
  const zone = zones.find((each) => (entity.state === 'home' ? each.entity_id === HOME : nameOf(each) === entity.state));
  const point = pointOf(zone);
  return point && { ...point, accuracy: 0, byZone: true };
}

export const isShownZone = (entity: Entity): boolean => entity.attributes.passive !== true && pointOf(entity) !== null;
export const isHome = (entity: Entity): boolean => entity.entity_id === HOME;
