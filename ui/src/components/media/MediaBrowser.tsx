/** Folders to go into, things to play: of the home's media sources, or of one player. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { mdiChevronRight, mdiFolderOpenOutline, mdiPlay, mdiRefresh } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useCommand, useConnected } from '@/data/hooks';
import { useTitles } from '@/data/words';
import { Banner } from '../Banner';
import { Button } from '../Button';
import { EmptyState } from '../EmptyState';
import { SearchField } from '../fields';
import { Icon } from '../Icon';
import { Skeleton } from '../Skeleton';
import { isLocal, matching, type MediaFolder, type MediaItem, type Step } from './browse';
import styles from './media.module.css';
import { Thumb } from './Thumb';

interface Props {
  /** A player that says itself what there is to play; null: the home's media sources. */
  player: string | null;
  path: readonly Step[];
  onPath: (path: readonly Step[]) => void;
  /** `among`: what else can be played in the folder. */
  onPlay: (item: MediaItem, among: readonly MediaItem[]) => void;
  /** What can be done with one besides. */
  menu?: ((item: MediaItem, changed: () => void) => ReactNode) | undefined;
  /** What stands above a folder (uploading). */
  above?: ((folder: MediaFolder, changed: () => void) => ReactNode) | undefined;
}

const AT_ONCE = 120;
const SEARCHED_FROM = 12;

/** The first of many; more when their end comes into view. */
function Growing({ items, children }: { items: readonly MediaItem[]; children: (item: MediaItem) => ReactNode }) {
  const [count, setCount] = useState(AT_ONCE);
  const end = useRef<HTMLLIElement>(null);
  const more = items.length > count;
  useEffect(() => {
    const element = end.current;
    if (!element || !more) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setCount((before) => before + AT_ONCE), { rootMargin: '400px' });
    observer.observe(element);
    return () => observer.disconnect();
  }, [more, count]);
  return (
    <>
      {items.slice(0, count).map(children)}
      {more && <li ref={end} aria-hidden="true" />}
    </>
  );
}

export function MediaBrowser({ player, path, onPath, onPlay, menu, above }: Props) {
  const { t } = useTranslation('components');
  const connected = useConnected();
  const here = path.at(-1);
  const question = player
    ? { entity_id: player, ...(here ? { media_content_type: here.media_content_type, media_content_id: here.media_content_id } : {}) }
    : { media_content_id: here?.media_content_id ?? '' };
  const key = JSON.stringify(question);
  return (
    <div className={styles.browser}>
      <nav aria-label={t('media.path')}>
        <ol className={styles.path}>
          <li>
            <button type="button" disabled={path.length === 0} onClick={() => onPath([])}>
              {t('media.all')}
            </button>
          </li>
          {path.map((step, index) => (
            <li key={step.media_content_id}>
              <Icon path={mdiChevronRight} size={18} />
              <button type="button" disabled={index === path.length - 1} aria-current={index === path.length - 1 ? 'page' : undefined} onClick={() => onPath(path.slice(0, index + 1))}>
                {step.title}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {/* Another folder begins anew: its search, its part that is shown. */}
      <Folder key={key} type={player ? 'media_player/browse_media' : 'media_source/browse_media'} question={question} connected={connected} onPlay={onPlay} onOpen={(item) => onPath([...path, item])} menu={menu} above={above} />
    </div>
  );
}

interface FolderProps extends Pick<Props, 'onPlay' | 'menu' | 'above'> {
  type: string;
  question: Record<string, unknown>;
  connected: boolean;
  onOpen: (item: MediaItem) => void;
}

function Folder({ type, question, connected, onPlay, onOpen, menu, above }: FolderProps) {
  const { t } = useTranslation('components');
  const { data, error, loading, reload } = useCommand<MediaFolder>(type, question);
  const titleOf = useTitles();
  const isRoot = question.media_content_id === '';
  const [words, setWords] = useState('');
  if (error && !data) {
    return (
      <Banner kind="error" title={t('media.failed')} actions={<Button small icon={mdiRefresh} isDisabled={!connected} onPress={reload}>{t('media.again')}</Button>}>
        {error.message}
      </Banner>
    );
  }
  if (!data) return <Skeleton height={260} radius="var(--radius-m)" />;
  // The home's own sources have the server's names; whoever looks has a language.
  const named = (item: MediaItem): MediaItem => {
    const source = isRoot ? /^media-source:\/\/(\w+)(\/local)?$/.exec(item.media_content_id)?.[1] : undefined;
    return source ? { ...item, title: source === 'media_source' ? t('media.own') : titleOf(source) } : item;
  };
  const children = (data.children ?? []).map(named);
  const shown = matching(children, words);
  const playable = children.filter((item) => item.can_play && !item.can_expand);
  return (
    <>
      {above?.(data, reload)}
      {(children.length > SEARCHED_FROM || (data.can_play && data.can_expand)) && (
        <div className={styles.tools}>
          {children.length > SEARCHED_FROM && <SearchField label={t('media.find')} value={words} onChange={setWords} />}
          {data.can_play && (
            <Button icon={mdiPlay} onPress={() => onPlay(data, [])}>
              {t('media.playAll')}
            </Button>
          )}
        </div>
      )}
      {children.length === 0 && <EmptyState icon={mdiFolderOpenOutline} title={t('media.empty')} text={t(isLocal(data.media_content_id) ? 'media.emptyLocal' : 'media.emptyText')} />}
      {children.length > 0 && shown.length === 0 && <p className={styles.note}>{t('nothingFits')}</p>}
      <ul className={styles.grid} aria-busy={loading} aria-label={data.title}>
        <Growing key={words} items={shown}>
          {(item) => (
            <li key={`${item.media_content_id} ${item.title}`} className={styles.item}>
              <button type="button" className={styles.open} disabled={!item.can_expand && !item.can_play} onClick={() => (item.can_expand ? onOpen(item) : onPlay(item, playable))}>
                <Thumb item={item} />
                <span className={styles.title}>{item.title}</span>
                {!item.can_expand && item.can_play && item.media_class !== 'image' && (
                  <span className={styles.play}>
                    <Icon path={mdiPlay} size={20} />
                  </span>
                )}
              </button>
              {menu?.(item, reload)}
            </li>
          )}
        </Growing>
      </ul>
      {(data.not_shown ?? 0) > 0 && <p className={styles.note}>{t('media.notShown', { count: data.not_shown })}</p>}
    </>
  );
}
