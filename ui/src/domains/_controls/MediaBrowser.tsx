/** What a player can play: folders to go into, things to play. */

import { useState } from 'react';
import { mdiArrowLeft, mdiFolderOutline, mdiMusicNoteOutline, mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button, IconButton } from '@/components/Button';
import { EmptyState } from '@/components/EmptyState';
import { Icon } from '@/components/Icon';
import { Skeleton } from '@/components/Skeleton';
import { useCommand } from '@/data/hooks';
import styles from './MediaBrowser.module.css';

interface Item {
  title: string;
  media_content_type: string;
  media_content_id: string;
  can_play: boolean;
  can_expand: boolean;
  thumbnail: string | null;
  children?: Item[];
}

type Place = Pick<Item, 'media_content_type' | 'media_content_id'>;

export function MediaBrowser({ entityId, onPlay }: { entityId: string; onPlay: (item: Place) => void }) {
  const { t } = useTranslation('domains');
  const [path, setPath] = useState<readonly Place[]>([]);
  const here = path.at(-1);
  const { data, error, loading } = useCommand<Item>('media_player/browse_media', {
    entity_id: entityId,
    ...(here ? { media_content_type: here.media_content_type, media_content_id: here.media_content_id } : {}),
  });
  return (
    <div>
      <div className={styles.head}>
        {path.length > 0 && <IconButton icon={mdiArrowLeft} label={t('media.up')} onPress={() => setPath(path.slice(0, -1))} />}
        <span className={styles.title}>{data?.title ?? t('media.browse')}</span>
        {here && data?.can_play && (
          <Button small icon={mdiPlay} onPress={() => onPlay(here)}>
            {t('media.playAll')}
          </Button>
        )}
      </div>
      {error && <Banner kind="error" title={t('media.noBrowse')}>{error.message}</Banner>}
      {loading && !data && <Skeleton height={160} radius="var(--radius-m)" />}
      {data && !error && !data.children?.length && <EmptyState title={t('media.empty')} text={t('media.emptyText')} />}
      <ul className={styles.list} aria-busy={loading}>
        {data?.children?.map((item) => (
          <li key={item.media_content_id + item.title}>
            <button type="button" className={styles.item} disabled={!item.can_expand && !item.can_play} onClick={() => (item.can_expand ? setPath([...path, item]) : onPlay(item))}>
              {item.thumbnail?.startsWith('/') ? <img src={item.thumbnail} alt="" loading="lazy" /> : <Icon path={item.can_expand ? mdiFolderOutline : mdiMusicNoteOutline} />}
              <span className={styles.title}>{item.title}</span>
              {!item.can_expand && item.can_play && <Icon path={mdiPlay} size={20} />}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
