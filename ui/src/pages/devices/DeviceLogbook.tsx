import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Skeleton } from '@/components';
import { useZone } from '@/data/zoned';
import { EntryRow } from '@/pages/logbook/EntryRow';
import { useLogbook } from '@/pages/logbook/useLogbook';
import { useSpeaker } from '@/pages/logbook/useSpeaker';
import { useUsers } from '@/pages/logbook/useUsers';
import styles from './Devices.module.css';

const PAGE = 12;
const DAY_MS = 86_400_000;

/** What the device's entities did during the last day, live. */
export function DeviceLogbook({ entityIds }: { entityIds: readonly string[] }) {
  const { t: own } = useTranslation('devices');
  const users = useUsers();
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const [shown, setShown] = useState(PAGE);
  const wish = useMemo(() => ({ entityIds, from: now - DAY_MS, to: null, endless: false }), [entityIds, now]);
  const book = useLogbook(wish);
  const speaker = useSpeaker(users);
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
