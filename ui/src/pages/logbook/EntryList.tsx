/** The entries under their days: only those on screen exist; older ones come as one scrolls. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { mdiArrowUp, mdiFormatListBulletedType } from '@mdi/js';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { Banner, Button, EmptyState, Skeleton, Spinner } from '@/components';
import { dateAt, useZone } from '@/data/zoned';
import { byDay, type Entry } from './entries';
import { EntryRow } from './EntryRow';
import styles from './Logbook.module.css';
import { useLogbook, type Wish } from './useLogbook';
import { useSpeaker } from './useSpeaker';

interface Props {
  wish: Wish;
  user: string | null;
  users: ReadonlyMap<string, string>;
}

/** Scrolled down further than this, one reads: what is new waits above. */
const READING_PX = 240;

export function EntryList({ wish, user, users }: Props) {
  const { t, i18n } = useTranslation('logbook');
  const zone = useZone();
  const book = useLogbook(wish);
  const { more, loading, loadMore } = book;
  const [held, setHeld] = useState<readonly Entry[] | null>(null);

  useEffect(() => {
    const onScroll = () => {
      if (scrollY <= READING_PX) setHeld(null);
      else setHeld((now) => now ?? book.entries);
    };
    addEventListener('scroll', onScroll, { passive: true });
    return () => removeEventListener('scroll', onScroll);
  }, [book.entries]);

  // While one reads, what is newer than that waits; what is older is joined.
  const newest = held?.[0]?.when;
  const shown = useMemo(() => {
    const list = newest === undefined ? book.entries : book.entries.filter((entry) => entry.when <= newest);
    return user ? list.filter((entry) => entry.context_user_id === user) : list;
  }, [book.entries, newest, user]);
  const waiting = newest === undefined ? 0 : Math.max(0, book.entries.findIndex((entry) => entry.when <= newest));

  const speaker = useSpeaker(users);
  const [today] = useState(() => Date.now());
  const lines = useMemo(
    () => byDay(shown, zone, i18n.language, dateAt(today, zone).toString(), { today: t('today'), yesterday: t('yesterday') }),
    [shown, zone, i18n.language, today, t],
  );

  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const measure = () => setTop(place.current ? place.current.getBoundingClientRect().top + scrollY : 0);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === 'day' ? 56 : 62),
    overscan: 10,
    scrollMargin: top,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = virtual.getVirtualItems();
  const atEnd = (items.at(-1)?.index ?? 0) >= lines.length - 12;
  useEffect(() => {
    if (atEnd && more && !loading && !book.error && wish.endless) loadMore();
  }, [atEnd, more, loading, loadMore, book.error, wish.endless]);

  return (
    <div className={styles.book}>
      {waiting > 0 && (
        <div className={styles.fresh}>
          <Button kind="primary" icon={mdiArrowUp} onPress={() => scrollTo({ top: 0, behavior: 'smooth' })}>
            {t('new', { count: waiting })}
          </Button>
        </div>
      )}
      {book.error && (
        <Banner kind="error" title={t('failed')} actions={<Button onPress={loadMore}>{t('again')}</Button>}>
          {book.error.message}
        </Banner>
      )}
      {lines.length === 0 && loading && [0, 1, 2, 3, 4, 5].map((each) => <Skeleton key={each} height={52} radius="var(--radius-m)" />)}
      {lines.length === 0 && !loading && !book.error && <EmptyState icon={mdiFormatListBulletedType} title={t('empty.title')} text={t('empty.text')} />}
      <div ref={place} className={styles.list} aria-busy={loading} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const style = { transform: `translateY(${item.start - virtual.options.scrollMargin}px)` };
          return line.kind === 'day' ? (
            <h2 key={item.key} ref={virtual.measureElement} data-index={item.index} className={styles.day} style={style}>
              {line.title}
            </h2>
          ) : (
            <article key={item.key} ref={virtual.measureElement} data-index={item.index} className={styles.place} style={style}>
              <EntryRow entry={line.entry} speaker={speaker} zone={zone} />
            </article>
          );
        })}
      </div>
      {lines.length > 0 && loading && (
        <p className={styles.end}>
          <Spinner size={20} label={t('older')} />
        </p>
      )}
      {lines.length > 0 && !loading && !more && <p className={styles.end}>{t('begin')}</p>}
    </div>
  );
}
