/** What an entity did and why, the latest first. */

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Skeleton } from '@/components/Skeleton';
import { type PeriodChoice, periodOf } from '@/data/period';
import { formatTime } from '@/data/words';
import { dateAt, useZone } from '@/data/zoned';
import { EntryRow } from '@/pages/logbook/EntryRow';
import { useLogbook } from '@/pages/logbook/useLogbook';
import { useSpeaker } from '@/pages/logbook/useSpeaker';
import { useUsers } from '@/pages/logbook/useUsers';
import styles from './Course.module.css';

const PAGE = 25;

/** Make it anew for another choice (`key`). */
export function Activity({ entityId, choice }: { entityId: string; choice: PeriodChoice }) {
  const { t: own, i18n } = useTranslation('domains');
  const users = useUsers();
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const [shown, setShown] = useState(PAGE);
  const wish = useMemo(() => {
    const { from, to, live } = periodOf(choice, now, zone);
    return { entityIds: [entityId], from, to: live ? null : to, endless: false };
  }, [entityId, choice, now, zone]);
  const book = useLogbook(wish);
  const speaker = useSpeaker(users);
  if (book.error) return <Banner kind="error" title={own('info.noActivity')}>{book.error.message}</Banner>;
  if (book.loading && book.entries.length === 0) return <Skeleton height={120} radius="var(--radius-m)" />;
  if (book.entries.length === 0) return <p className={styles.quiet}>{own('info.nothingHappened')}</p>;
  const entries = book.entries.slice(0, shown);
  const days = entries.map((entry) => dateAt(entry.when * 1000, zone).toString());
  return (
    <div className={styles.course}>
      <div className={styles.entries}>
        {entries.map((entry, index) => (
          <div key={`${entry.when} ${index}`}>
            {days[index] !== days[index - 1] && <h4 className={styles.quiet}>{formatTime(entry.when * 1000, i18n.language, 'date', zone)}</h4>}
            <EntryRow entry={entry} speaker={speaker} zone={zone} />
          </div>
        ))}
      </div>
      {book.entries.length > shown && <Button onPress={() => setShown(shown + PAGE * 2)}>{own('info.more')}</Button>}
    </div>
  );
}
