import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Skeleton } from '@/components';
import { useSession, useStateWords } from '@/data';
import { nameOf } from '@/data/words';
import { useZone } from '@/data/zoned';
import { EntryRow } from '@/pages/logbook/EntryRow';
import type { Speaker } from '@/pages/logbook/tell';
import { useLogbook } from '@/pages/logbook/useLogbook';
import { useUsers } from '@/pages/logbook/useUsers';
import styles from './Devices.module.css';

const PAGE = 12;
const DAY_MS = 86_400_000;

/** What the device's entities did during the last day, live. */
export function DeviceLogbook({ entityIds }: { entityIds: readonly string[] }) {
  const { t: own } = useTranslation('devices');
  const { t } = useTranslation('logbook');
  const { entities } = useSession();
  const words = useStateWords();
  const users = useUsers();
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const [shown, setShown] = useState(PAGE);
  const wish = useMemo(() => ({ entityIds, from: now - DAY_MS, to: null, endless: false }), [entityIds, now]);
  const book = useLogbook(wish);
  const speaker = useMemo<Speaker>(
    () => ({
      t: (key, values) => t(key, values ?? {}),
      state: (id, state) => {
        const entity = entities.get(id);
        return entity ? words(entity, state) : state;
      },
      name: (id) => nameOf(entities.get(id), id),
      entityOf: entities.get,
      user: (id) => users.get(id),
    }),
    [t, entities, words, users],
  );
  if (book.error) return <Banner kind="error">{book.error.message}</Banner>;
  if (book.loading && book.entries.length === 0) return <Skeleton height={120} radius="var(--radius-m)" />;
  if (book.entries.length === 0) return <p className={styles.quiet}>{own('quietDay')}</p>;
  return (
    <div>
      {book.entries.slice(0, shown).map((entry, index) => (
        <EntryRow key={`${entry.when} ${index}`} entry={entry} speaker={speaker} zone={zone} />
      ))}
      {book.entries.length > shown && (
        <Button kind="ghost" onPress={() => setShown(shown + PAGE * 2)}>
          {own('showMore')}
        </Button>
      )}
    </div>
  );
}
