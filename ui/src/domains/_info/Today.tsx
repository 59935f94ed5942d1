/** The last day, below the controls. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PeriodChoice } from '@/data/period';
import type { Entity } from '@/data/types';
import { Course } from './Course';
import styles from './Course.module.css';

const DAY: PeriodChoice = { preset: '24h' };

export default function Today({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const [zoomed, setZoomed] = useState<PeriodChoice | null>(null);
  const choice = zoomed ?? DAY;
  return (
    <section className={styles.course}>
      <div className={styles.head}>
        <h3>{t('info.today')}</h3>
        {zoomed && (
          <button type="button" className={styles.quiet} onClick={() => setZoomed(null)}>
            {t('info.zoomOut')}
          </button>
        )}
      </div>
      <Course key={JSON.stringify(choice)} entityId={entity.entity_id} choice={choice} height={170} onZoom={(from, to) => setZoomed({ from, to })} />
    </section>
  );
}
