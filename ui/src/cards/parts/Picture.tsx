/** The picture of a card: a file of the home, what a camera sees now, an entity's own; in its place in words why there is none. */

import { type ReactNode, useEffect, useState } from 'react';
import { mdiCameraOff, mdiImageOffOutline, mdiImageOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components/Icon';
import { useCommand, useEntity } from '@/data/hooks';
import type { Source } from '@/lovelace/images';
import styles from './Picture.module.css';

interface Props {
  source: Source | null;
  alt: string;
  /** Width to height; without it the picture's own. */
  ratio?: string | undefined;
  fit?: 'cover' | 'contain' | 'fill' | undefined;
}

const NEXT_MS = 10_000;
/** What stands in while there is no picture that has a height of its own. */
const USUAL = '16 / 9';

function Instead({ icon, children, ratio }: { icon: string; children?: ReactNode; ratio: string | undefined }) {
  return (
    <span className={styles.instead} style={{ aspectRatio: ratio ?? USUAL }}>
      <Icon path={icon} size={32} />
      {children && <span>{children}</span>}
    </span>
  );
}

function Image({ url, alt, ratio, fit }: { url: string; alt: string; ratio: string | undefined; fit: Props['fit'] }) {
  const { t } = useTranslation('cards');
  const [failed, setFailed] = useState<string | null>(null);
  if (failed === url) return <Instead icon={mdiImageOffOutline} ratio={ratio}>{t('picture.failed')}</Instead>;
  return <img className={styles.picture} src={url} alt={alt} style={{ ...(ratio ? { aspectRatio: ratio, height: '100%' } : {}), objectFit: fit ?? 'cover' }} onError={() => setFailed(url)} draggable={false} />;
}

/** Counts on while the page is seen. */
function useTurns(everyMs: number): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const next = () => document.visibilityState !== 'hidden' && setTurn((before) => before + 1);
    const timer = setInterval(next, everyMs);
    document.addEventListener('visibilitychange', next);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', next);
    };
  }, [everyMs]);
  return turn;
}

function Camera({ entityId, live, alt, ratio, fit }: { entityId: string; live: boolean; alt: string; ratio: string | undefined; fit: Props['fit'] }) {
  const { t } = useTranslation('cards');
  const entity = useEntity(entityId);
  const turn = useTurns(NEXT_MS);
  const token = typeof entity?.attributes.access_token === 'string' ? entity.attributes.access_token : '';
  // A stream goes on with the token with which it began.
  const [first] = useState(token);
  if (!entity || !token) return <Instead icon={mdiCameraOff} ratio={ratio}>{t('gone')}</Instead>;
  if (entity.state === 'off' || entity.state === 'unavailable') return <Instead icon={mdiCameraOff} ratio={ratio}>{t(entity.state === 'off' ? 'picture.off' : 'picture.unavailable')}</Instead>;
  const url = live ? `/api/camera_proxy_stream/${entityId}?token=${encodeURIComponent(first || token)}` : `/api/camera_proxy/${entityId}?token=${encodeURIComponent(token)}&turn=${turn}`;
  return <Image url={url} alt={alt} ratio={ratio} fit={fit} />;
}

function OfEntity({ entityId, alt, ratio, fit }: { entityId: string; alt: string; ratio: string | undefined; fit: Props['fit'] }) {
  const { t } = useTranslation('cards');
  const entity = useEntity(entityId);
  const picture = entity?.attributes.entity_picture;
  if (!entity) return <Instead icon={mdiImageOffOutline} ratio={ratio}>{t('gone')}</Instead>;
  if (!picture?.startsWith('/')) return <Instead icon={mdiImageOutline} ratio={ratio}>{t('picture.none')}</Instead>;
  // The state of an image is when it was made: another time, another picture.
  const url = entityId.startsWith('image.') ? `${picture}${picture.includes('?') ? '&' : '?'}at=${encodeURIComponent(entity.state)}` : picture;
  return <Image url={url} alt={alt} ratio={ratio} fit={fit} />;
}

function OfMedia({ id, alt, ratio, fit }: { id: string; alt: string; ratio: string | undefined; fit: Props['fit'] }) {
  const { data, error } = useCommand<{ url: string }>('media_source/resolve_media', { media_content_id: id });
  if (error) return <Instead icon={mdiImageOffOutline} ratio={ratio}>{error.message}</Instead>;
  return data ? <Image url={data.url} alt={alt} ratio={ratio} fit={fit} /> : <Instead icon={mdiImageOutline} ratio={ratio} />;
}

export function Picture({ source, alt, ratio, fit }: Props) {
  const { t } = useTranslation('cards');
  const more = { alt, ratio, fit };
  switch (source?.kind) {
    case 'url':
      return <Image url={source.url} {...more} />;
    case 'camera':
      return <Camera key={source.entityId} entityId={source.entityId} live={source.live} {...more} />;
    case 'entity':
      return <OfEntity entityId={source.entityId} {...more} />;
    case 'media':
      return <OfMedia id={source.id} {...more} />;
    case 'foreign':
      return <Instead icon={mdiImageOffOutline} ratio={ratio}>{t('picture.foreign')}</Instead>;
    default:
      return <Instead icon={mdiImageOutline} ratio={ratio}>{t('picture.choose')}</Instead>;
  }
}
