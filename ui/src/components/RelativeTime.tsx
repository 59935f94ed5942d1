import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatRelative, formatTime } from '@/data/words';

/** Something newer than the last look at the clock happened now, not in a moment. */
const SKEW_MS = 31_000;

/** How long ago (or in how long), kept true while it is shown; the exact time when one points at it. */
export function RelativeTime({ at }: { at: number | string | Date | null | undefined }) {
  const { t, i18n } = useTranslation('components');
  const [now, setNow] = useState(() => Date.now());
  const time = at == null ? Number.NaN : typeof at === 'number' ? at : new Date(at).getTime();
  const isFresh = Math.abs(now - time) < 90_000;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isFresh ? 5000 : 30_000);
    return () => clearInterval(timer);
  }, [isFresh]);
  if (Number.isNaN(time)) return <span>{t('never')}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time, i18n.language, 'seconds')}>
      {formatRelative(time, i18n.language, time > now && time - now < SKEW_MS ? time : now)}
    </time>
  );
}
