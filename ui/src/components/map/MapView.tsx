/**
 * A map of what the home knows, without tiles from anywhere: coasts and borders where much is shown, zones to scale, people and things with how exactly they are
 * known, circles of distance around the home. Moved by mouse, fingers and keys; what it shows stands in a list, too.
 */

import { type ReactNode, Suspense, useId, useRef } from 'react';
import { mdiFitToPageOutline, mdiHome, mdiMapMarker, mdiMinus, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { late } from '@/app/late';
import { formatNumber } from '@/data/words';
import { IconButton } from '../Button';
import { Icon, NamedIcon } from '../Icon';
import { metresPerPixel, type Point, roundLength, spread, toScreen, zoomed } from './geo';
import styles from './MapView.module.css';
import { ringsOf, useMapView } from './useMapView';

/** A zone: a circle on the ground. */
export interface MapZone extends Point {
  id: string;
  name: string;
  radius: number;
  icon?: string | null | undefined;
  /** The home itself, or the one that is being edited. */
  tone?: 'home' | 'own' | undefined;
}

/** Somebody or something at a place. */
export interface MapSpot extends Point {
  id: string;
  name: string;
  /** Where it is, in words. */
  text: string;
  /** Metres; 0: exactly, or nobody says. */
  accuracy: number;
  picture?: string | undefined;
  icon?: string | null | undefined;
  /** Where it was before, oldest first. */
  path?: readonly Point[] | undefined;
}

interface Props {
  label: string;
  zones: readonly MapZone[];
  spots: readonly MapSpot[];
  /** What the circles of distance stand around. */
  origin?: Point | undefined;
  imperial: boolean;
  /** As near as it goes by itself. */
  nearest?: number | undefined;
  /** Whether zones are all in view at the beginning, or only who is shown (and the home). */
  fitZones?: boolean;
  onOpen?: ((id: string) => void) | undefined;
  /** A place was pressed (Enter: the middle). */
  onPick?: ((place: Point) => void) | undefined;
  height: number;
  /** Width to height, as CSS says it; then `height` is not asked. */
  ratio?: string | undefined;
  children?: ReactNode;
}

const initials = (name: string) => name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]!.toUpperCase()).join('');
/** Coasts and borders, up to where they are exact enough. */
const World = late(() => import('./World'));
const WORLD_ZOOM = 8;
/** A circle so much larger than the map shows no edge. */
const TOO_LARGE = 20_000;

export function MapView({ label, zones, spots, origin, imperial, nearest = 16.5, fitZones = false, onOpen, onPick, height, ratio, children }: Props) {
  const { t, i18n } = useTranslation('components');
  const place = useRef<HTMLDivElement>(null);
  const how = useId();
  const seen = zones.filter((zone) => fitZones || zone.tone);
  const circles = [...seen.map(({ latitude, longitude, radius }) => ({ latitude, longitude, radius })), ...spots.map(({ latitude, longitude, accuracy }) => ({ latitude, longitude, radius: Math.min(accuracy, 2000) }))];
  const { size, view, following, zoom, follow, look, handlers } = useMapView(place, { circles, nearest, onPick });
  const on = (point: Point) => toScreen(point, view, size);
  const pixels = (metres: number, latitude: number) => metres / metresPerPixel(latitude, view.zoom);
  const middle = origin ? on(origin) : null;
  const rings = origin && middle ? ringsOf(middle, metresPerPixel(origin.latitude, view.zoom), size, imperial) : [];
  const scale = roundLength(90 * metresPerPixel(view.latitude, view.zoom), imperial);
  const byId = new Map(spots.map((spot) => [spot.id, spot]));
  const groups = size.width ? spread(spots.map((spot) => ({ id: spot.id, ...on(spot) }))) : [];
  const inside = ({ x, y }: { x: number; y: number }) => x > -60 && y > -60 && x < size.width + 60 && y < size.height + 60;

  return (
    <div className={styles.frame} style={ratio ? { aspectRatio: ratio } : { height }}>
      <div
        ref={place}
        className={`${styles.map} ${onPick ? styles.picks : ''}`}
        role="application"
        aria-label={label}
        aria-roledescription={t('map.role')}
        aria-describedby={how}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- moved with the arrow keys
        tabIndex={0}
        {...handlers}
      >
        {size.width > 0 && (
          <svg className={styles.drawing} width={size.width} height={size.height} aria-hidden="true">
            {view.zoom < WORLD_ZOOM && (
              <Suspense fallback={null}>
                <World view={view} size={size} />
              </Suspense>
            )}
            {middle && rings.map((ring) => (
              <circle key={ring.metres} cx={middle.x} cy={middle.y} r={pixels(ring.metres, origin!.latitude)} className={styles.ring} />
            ))}
            {middle && rings.length > 0 && <path className={styles.ring} d={`M0 ${middle.y}H${size.width}M${middle.x} 0V${size.height}`} />}
            {middle && rings.map((ring) => {
              const y = middle.y - pixels(ring.metres, origin!.latitude);
              return y > 14 && y < size.height - 30 && middle.x > 0 && middle.x < size.width ? (
                <text key={ring.metres} x={middle.x + 5} y={y - 4} className={styles.far}>
                  {`${formatNumber(ring.value, i18n.language)} ${ring.unit}`}
                </text>
              ) : null;
            })}
            {zones.map((zone) => {
              const at = on(zone);
              const radius = pixels(zone.radius, zone.latitude);
              return radius < TOO_LARGE ? <circle key={zone.id} cx={at.x} cy={at.y} r={Math.max(3, radius)} className={`${styles.zone} ${zone.tone ? styles[zone.tone] : ''}`} /> : null;
            })}
            {spots.map((spot) => {
              const radius = pixels(spot.accuracy, spot.latitude);
              const at = on(spot);
              return (
                <g key={spot.id}>
                  {spot.path && spot.path.length > 1 && <polyline className={styles.path} points={spot.path.map(on).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />}
                  {radius > 8 && radius < TOO_LARGE && <circle cx={at.x} cy={at.y} r={radius} className={styles.accuracy} />}
                </g>
              );
            })}
            {groups.filter((group) => !group.crowd && group.members.length > 1 && inside(group)).map((group) => (
              <g key={group.members[0]!.id}>
                {group.members.map((each) => (
                  <line key={each.id} x1={group.x} y1={group.y} x2={each.x} y2={each.y} className={styles.tie} />
                ))}
                <circle cx={group.x} cy={group.y} r={4} className={styles.dot} />
              </g>
            ))}
          </svg>
        )}
        {size.width > 0 && zones.map((zone) => {
          const at = on(zone);
          if (!inside(at)) return null;
          const radius = pixels(zone.radius, zone.latitude);
          return (
            <span key={zone.id} className={`${styles.zoneName} ${zone.tone ? styles[`${zone.tone}Name`] : ''}`} style={{ transform: `translate(${at.x}px, ${at.y}px)` }} aria-hidden="true">
              <NamedIcon name={zone.icon ?? null} fallback={zone.tone === 'home' ? mdiHome : mdiMapMarker} size={18} />
              {/* Below the circle: whoever is there would cover it. */}
              <span style={{ top: Math.min(150, Math.max(14, radius + 4)) }}>{zone.name}</span>
            </span>
          );
        })}
        {groups.filter(inside).map((group) => {
          if (group.crowd) {
            return (
              <button key={group.members[0]!.id} type="button" className={`${styles.spot} ${styles.crowd}`} style={{ transform: `translate(${group.x}px, ${group.y}px)` }} onClick={() => look(zoomed(view, 2, group, size))} aria-label={t('map.crowd', { count: group.members.length })}>
                {group.members.length}
              </button>
            );
          }
          return group.members.map(({ id, x, y }) => {
            const spot = byId.get(id)!;
            const face = spot.picture ? <img src={spot.picture} alt="" draggable={false} /> : spot.icon ? <NamedIcon name={spot.icon} fallback={mdiMapMarker} size={20} /> : initials(spot.name);
            return (
              <button key={id} type="button" className={styles.spot} style={{ transform: `translate(${x}px, ${y}px)` }} title={`${spot.name}: ${spot.text}`} aria-label={`${spot.name}: ${spot.text}`} onClick={() => onOpen?.(id)}>
                {face}
              </button>
            );
          });
        })}
        <span className={styles.north} aria-hidden="true">
          <svg width="14" height="14" viewBox="0 0 14 14"><path d="M7 0l4.5 13L7 10.2 2.5 13z" /></svg>
          {t('map.winds.n')}
        </span>
        <span className={styles.scale} aria-hidden="true">
          <span style={{ width: pixels(scale.metres, view.latitude) }} />
          {`${formatNumber(scale.value, i18n.language)} ${scale.unit}`}
        </span>
      </div>
      <span id={how} hidden>
        {t(onPick ? 'map.howToPick' : 'map.how')}
      </span>
      <div className={styles.buttons}>
        <IconButton icon={mdiPlus} label={t('map.nearer')} className={styles.button} onPress={() => zoom(1)} />
        <IconButton icon={mdiMinus} label={t('map.farther')} className={styles.button} onPress={() => zoom(-1)} />
        {!following && <IconButton icon={mdiFitToPageOutline} label={t('map.all')} className={styles.button} onPress={follow} />}
      </div>
      {spots.length + zones.length === 0 && !onPick && (
        <p className={styles.nothing}>
          <Icon path={mdiMapMarker} /> {t('map.nothing')}
        </p>
      )}
      {children}
    </div>
  );
}
