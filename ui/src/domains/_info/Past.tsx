/** The tab of an entity's past: its course and what happened, over any time. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button } from '@/components/Button';
import { closeMoreInfo } from '@/components/MoreInfo';
import { PeriodPicker } from '@/components/PeriodPicker';
import { type PeriodChoice, withChoice } from '@/data/period';
import type { Entity } from '@/data/types';
import { Activity } from './Activity';
import { Course } from './Course';
import styles from './Course.module.css';

export default function Past({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const [choice, setChoice] = useState<PeriodChoice>({ preset: '24h' });
  const [before, setBefore] = useState<readonly PeriodChoice[]>([]);
  const zoom = (from: number, to: number) => {
    if (to - from < 1000) return;
    setBefore([...before, choice]);
    setChoice({ from: Math.round(from), to: Math.round(to) });
  };
  const key = JSON.stringify(choice);
  const query = withChoice(new URLSearchParams({ entity_id: entity.entity_id }), choice).toString();
  return (
    <div className={styles.stack}>
      <section className={styles.course}>
        <div className={styles.head}>
          <h3>{t('info.course')}</h3>
          {before.length > 0 && (
            <Button
              small
              kind="ghost"
              onPress={() => {
                setChoice(before.at(-1)!);
                setBefore(before.slice(0, -1));
              }}
            >
              {t('info.zoomOut')}
            </Button>
          )}
          <PeriodPicker value={choice} onChange={setChoice} />
        </div>
        <Course key={key} entityId={entity.entity_id} choice={choice} height={240} onZoom={zoom} />
      </section>
      <section className={styles.course}>
        <h3>{t('info.activity')}</h3>
        <Activity key={key} entityId={entity.entity_id} choice={choice} />
      </section>
      <p className={styles.links}>
        <Link href={`/history?${query}`} onClick={closeMoreInfo}>
          {t('info.toHistory')}
        </Link>
        <Link href={`/logbook?${query}`} onClick={closeMoreInfo}>
          {t('info.toLogbook')}
        </Link>
      </p>
    </div>
  );
}
