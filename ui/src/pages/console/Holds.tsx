import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { formatTime } from '@/data';
import styles from './Console.module.css';
import { actorLink, seconds } from './format';
import { Stack } from './Stack';
import type { Overview } from './types';

/** Who held the hub lately: the newest first, with what it computed and where it was. */
export function Holds({ holds }: { holds: Overview['hub']['latest'] }) {
  const { t, i18n } = useTranslation('console');
  if (holds.length === 0) return null;
  return (
    <details className={styles.more}>
      <summary>{t('hub.holds', { count: holds.length })}</summary>
      <ol className={styles.deaths}>
        {[...holds].reverse().map((hold) => (
          <li key={hold.time}>
            <p>
              {formatTime(hold.time * 1000, i18n.language, 'seconds')} · <strong>{seconds(hold.ms / 1000, i18n.language)}</strong>{' '}
              {t('hub.computed', { time: seconds(hold.cpu_ms / 1000, i18n.language) })} ·{' '}
              {hold.actor ? <Link href={actorLink(hold.actor)}>{hold.actor}</Link> : t('hub.noActor')}
            </p>
            <Stack label={t('actor.stack')} text={hold.stack.join('\n')} />
          </li>
        ))}
      </ol>
    </details>
  );
}
