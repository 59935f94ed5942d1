/** The picture of something to play: its own, or a sign of what it is. Asked for when it comes into view. */

import { useEffect, useRef, useState } from 'react';
import { mdiAccountMusicOutline, mdiAlbum, mdiApps, mdiCctv, mdiFolder, mdiImageOutline, mdiMovieOpenOutline, mdiMusicNote, mdiPlaylistMusicOutline, mdiBullhornOutline } from '@mdi/js';
import { useSession } from '@/data/hooks';
import { Icon } from '../Icon';
import { isOwn, type MediaItem, smallCopyOf } from './browse';
import styles from './media.module.css';

const ICONS: Record<string, string> = { directory: mdiFolder, app: mdiApps, image: mdiImageOutline, video: mdiMovieOpenOutline, movie: mdiMovieOpenOutline, music: mdiMusicNote, track: mdiMusicNote, album: mdiAlbum, artist: mdiAccountMusicOutline, playlist: mdiPlaylistMusicOutline };

function iconOf({ media_class, media_content_id }: MediaItem): string {
  if (media_content_id.startsWith('media-source://camera')) return mdiCctv;
  if (media_content_id.startsWith('media-source://tts')) return mdiBullhornOutline;
  return ICONS[media_class] ?? mdiMusicNote;
}

/** Once it was in view it stays so. */
function useSeen(): [React.RefObject<HTMLSpanElement | null>, boolean] {
  const place = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element || seen) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: '150px' });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return [place, seen];
}

export function Thumb({ item }: { item: MediaItem }) {
  const session = useSession();
  const [place, seen] = useSeen();
  const [url, setUrl] = useState<string | null>(null);
  const { thumbnail, media_class, media_content_id } = item;
  // Pictures are their own; what is elsewhere is not shown by pages of this server.
  const own = thumbnail && isOwn(thumbnail) ? thumbnail : smallCopyOf(media_content_id);
  const isPicture = !own && media_class === 'image' && media_content_id.startsWith('media-source://');
  useEffect(() => {
    if (!seen || (!own && !isPicture)) return undefined;
    let wanted = true;
    const asked = own ? session.signed(own) : session.command<{ url: string }>('media_source/resolve_media', { media_content_id }).then((found) => found.url);
    asked.then((found) => wanted && isOwn(found) && setUrl(found), () => undefined); // then the sign stays
    return () => {
      wanted = false;
    };
  }, [seen, own, isPicture, media_content_id, session]);
  return (
    <span ref={place} className={styles.thumb}>
      {url ? <img src={url} alt="" draggable={false} onError={() => setUrl(null)} /> : <Icon path={iconOf(item)} size={40} />}
    </span>
  );
}
