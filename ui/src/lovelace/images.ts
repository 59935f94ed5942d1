/** Which picture a card shows, and whether the interface's policy lets it. Pure. */

import type { Entity } from '@/data/types';
import { domainOf } from '@/data/words';
import { type CardConfig, text } from './types';

export type Source =
  /** Of this server (or part of the configuration): may be shown as it is. */
  | { kind: 'url'; url: string }
  /** Something of the media sources: its address is asked for. */
  | { kind: 'media'; id: string }
  | { kind: 'camera'; entityId: string; live: boolean }
  | { kind: 'entity'; entityId: string }
  /** Of another server: pages of this one show nothing from elsewhere. */
  | { kind: 'foreign'; url: string };

const PICTURES = new Set(['image', 'person', 'media_player', 'device_tracker', 'update']);

/** What an address leads to, for pages of `origin`; null: it is none. */
export function sourceOf(value: unknown, origin: string): Source | null {
  const own = value !== null && typeof value === 'object' ? (value as { media_content_id?: unknown }).media_content_id : value;
  if (typeof own !== 'string' || own.trim() === '') return null;
  const address = own.trim();
  if (address.startsWith('media-source://')) return { kind: 'media', id: address };
  if (/^data:image\//i.test(address)) return { kind: 'url', url: address };
  if (address.startsWith('/') && !address.startsWith('//') && !address.startsWith('/\\')) return { kind: 'url', url: address };
  try {
    const url = new URL(address, origin);
    if (url.origin === origin && /^https?:/.test(url.protocol)) return { kind: 'url', url: url.pathname + url.search };
    return /^https?:$/.test(url.protocol) ? { kind: 'foreign', url: address } : null;
  } catch {
    return null; // no address at all
  }
}

/** The picture of an entity: what a camera sees, else the picture that it has. */
export function ofEntity(entityId: string | undefined, live = false): Source | null {
  if (!entityId?.includes('.')) return null;
  const domain = domainOf(entityId);
  if (domain === 'camera') return { kind: 'camera', entityId, live };
  return PICTURES.has(domain) ? { kind: 'entity', entityId } : null;
}

/** The picture of a card, in the order in which dashboards mean it; `entity`: the card's own, as it is now. */
export function pictureOf(config: CardConfig, entity: Entity | undefined, origin: string): Source | null {
  const byState = config.state_image;
  const ofState = entity && byState !== null && typeof byState === 'object' ? (byState as Record<string, unknown>)[entity.state] : undefined;
  const live = config.camera_view === 'live';
  return sourceOf(ofState, origin) ?? ofEntity(text(config.camera_image), live) ?? ofEntity(text(config.image_entity), live) ?? sourceOf(config.image, origin) ?? ofEntity(text(config.entity), live);
}
