import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner } from '@/components';
import { actorLink, seconds } from './format';
import type { Wait } from './types';

/** Actors that wait for each other in a circle: nobody in it can go on until a time-out. */
export function DeadlockBanner({ circles }: { circles: readonly (readonly Wait[])[] }) {
  const { t, i18n } = useTranslation('console');
  return circles.map((circle) => (
    <Banner key={circle.map((wait) => wait.asker).join()} kind="error" title={t('deadlock.title', { count: circle.length })}>
      <p>
        {circle.map((wait, index) => (
          <Fragment key={wait.asker}>
            {index > 0 && ', '}
            <Link href={actorLink(wait.asker ?? '/')}>{wait.asker}</Link> {t('deadlock.asks')}{' '}
            <Link href={actorLink(wait.target ?? '/')}>{wait.target}</Link>
            {wait.since_s !== null && ` (${seconds(wait.since_s, i18n.language)})`}
          </Fragment>
        ))}
      </p>
      <p>{t('deadlock.what')}</p>
    </Banner>
  ));
}
