import { useState } from 'react';
import { mdiCalendarClockOutline, mdiPencilOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, RelativeTime } from '@/components';
import { useConnected } from '@/data';
import { Facts } from '../../parts/Rows';
import { AutomaticDialog } from './AutomaticDialog';
import styles from './Backups.module.css';
import { type BackupConfig, type BackupInfo, USUAL_TIME } from './types';

/** How automatic backups are made, in words. */
export function Automatic({ config, info, onDone }: { config: BackupConfig; info: BackupInfo | undefined; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const connected = useConnected();
  const [changing, setChanging] = useState(false);
  const { schedule, retention, create_backup: make } = config;
  const on = schedule.recurrence !== 'never';
  const time = (schedule.time ?? USUAL_TIME).slice(0, 5);
  const when = schedule.recurrence === 'daily' ? t('backups.daily', { time }) : t('backups.onDays', { days: schedule.days.map((day) => t(`days.${day}`)).join(', '), time });
  const keep = [retention.copies ? t('backups.keepCopies', { count: retention.copies }) : '', retention.days ? t('backups.keepDays', { count: retention.days }) : ''].filter(Boolean);
  return (
    <Card
      title={t('backups.automaticTitle')}
      icon={mdiCalendarClockOutline}
      actions={
        on && (
          <Button small icon={mdiPencilOutline} isDisabled={!connected} onPress={() => setChanging(true)}>
            {t('change')}
          </Button>
        )
      }
    >
      {on ? (
        <Facts
          facts={[
            [t('backups.when'), when],
            [t('backups.keep'), keep.join(', ') || t('backups.keepAll')],
            [t('backups.lastOne'), info ? info.last_completed_automatic_backup ? <RelativeTime at={info.last_completed_automatic_backup} /> : t('backups.noneYet') : null],
            [t('backups.nextOne'), info?.next_automatic_backup ? <RelativeTime at={info.next_automatic_backup} /> : null],
            [t('backups.sealed'), t(make.password ? 'backups.sealedYes' : 'backups.sealedNo')],
          ]}
        />
      ) : (
        <div className={styles.stack}>
          <p className={styles.text}>{t('backups.off')}</p>
          <div>
            <Button kind="primary" isDisabled={!connected} onPress={() => setChanging(true)}>
              {t('backups.setUp')}
            </Button>
          </div>
        </div>
      )}
      {changing && <AutomaticDialog config={config} onClose={() => setChanging(false)} onDone={onDone} />}
    </Card>
  );
}
