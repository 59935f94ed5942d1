/** Plays something on this device: a picture, a film, a sound; the next of its folder is one press away. */

import { useState } from 'react';
import { mdiDownload, mdiMusicNote, mdiSkipNext, mdiSkipPrevious } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useCommand } from '@/data/hooks';
import { Banner } from '../Banner';
import { IconButton } from '../Button';
import { Dialog } from '../Dialog';
import { Icon } from '../Icon';
import { Skeleton } from '../Skeleton';
import { isOwn, kindOf, type MediaItem } from './browse';
import styles from './media.module.css';

interface Props {
  item: MediaItem;
  /** The folder's, in its order. */
  among: readonly MediaItem[];
  onItem: (item: MediaItem) => void;
  onClose: () => void;
}

function Show({ item, onEnd }: { item: MediaItem; onEnd: () => void }) {
  const { t } = useTranslation('components');
  const { data, error } = useCommand<{ url: string; mime_type: string | null }>('media_source/resolve_media', { media_content_id: item.media_content_id });
  const [failed, setFailed] = useState(false);
  if (error) return <Banner kind="error" title={t('media.noPlay')}>{error.message}</Banner>;
  if (!data) return <Skeleton height={220} radius="var(--radius-m)" />;
  if (!isOwn(data.url)) return <Banner kind="warn" title={t('media.noPlay')}>{t('media.elsewhere')}</Banner>;
  if (failed) return <Banner kind="error" title={t('media.noPlay')}>{t('media.unknownKind', { kind: data.mime_type ?? '?' })}</Banner>;
  const kind = kindOf(data.mime_type, item.media_class);
  if (kind === 'image') return <img src={data.url} alt={item.title} onError={() => setFailed(true)} />;
  // What people put into their media folder has no subtitles of its own.
  /* eslint-disable jsx-a11y/media-has-caption -- as above */
  if (kind === 'video') return <video src={data.url} controls autoPlay playsInline aria-label={item.title} onError={() => setFailed(true)} />;
  return (
    <>
      <span className={styles.disc}>
        <Icon path={mdiMusicNote} size={72} />
      </span>
      <audio src={data.url} controls autoPlay aria-label={item.title} onError={() => setFailed(true)} onEnded={onEnd} />
    </>
  );
  /* eslint-enable jsx-a11y/media-has-caption */
}

function Download({ item }: { item: MediaItem }) {
  const { t } = useTranslation('components');
  const { data } = useCommand<{ url: string; mime_type: string | null }>('media_source/resolve_media', { media_content_id: item.media_content_id });
  if (!data || !isOwn(data.url) || data.mime_type?.startsWith('multipart/')) return null;
  const save = () => {
    const link = document.createElement('a');
    link.href = data.url;
    link.download = item.title;
    link.click();
  };
  return <IconButton icon={mdiDownload} label={t('media.download')} onPress={save} />;
}

export function PlayHere({ item, among, onItem, onClose }: Props) {
  const { t } = useTranslation('components');
  const at = among.findIndex((each) => each.media_content_id === item.media_content_id);
  const [before, after] = [among[at - 1], at >= 0 ? among[at + 1] : undefined];
  return (
    <Dialog open onClose={onClose} size="large" title={item.title} actions={<Download item={item} />}>
      <div className={styles.show}>
        <Show key={item.media_content_id} item={item} onEnd={() => after && onItem(after)} />
        {among.length > 1 && at >= 0 && (
          <div className={styles.turns}>
            <IconButton icon={mdiSkipPrevious} label={t('media.before')} isDisabled={!before} onPress={() => before && onItem(before)} />
            <span>{t('media.nth', { number: at + 1, count: among.length })}</span>
            <IconButton icon={mdiSkipNext} label={t('media.after')} isDisabled={!after} onPress={() => after && onItem(after)} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
