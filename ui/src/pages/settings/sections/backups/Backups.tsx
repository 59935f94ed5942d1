/** Backups: what there is, how automatic ones are made, one now, and putting one back. */

import { useCallback, useMemo, useState } from 'react';
import { mdiArchiveLockOutline, mdiLockOutline, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Chip, type Column, DataTable, EmptyState, Icon, RelativeTime } from '@/components';
import { formatTime, useCommand, useConnected } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { formatBytes } from '../../parts/words';
import { Automatic } from './Automatic';
import { BackupDetails } from './BackupDetails';
import styles from './Backups.module.css';
import { MakeBackup } from './MakeBackup';
import { type Backup, type BackupConfig, type BackupInfo, contentOf, isProtected, sizeOf } from './types';
import { Upload } from './Upload';
import { useWork } from './useWork';
import { WorkCard } from './WorkCard';

const keyOf = (backup: Backup) => backup.backup_id;
const NEWEST = { column: 'date', descending: true };

export default function Backups() {
  const { t, i18n } = useTranslation('settings');
  const connected = useConnected();
  const info = useCommand<BackupInfo>('backup/info');
  const config = useCommand<{ config: BackupConfig }>('backup/config/info');
  const work = useWork(info.reload);
  const [making, setMaking] = useState(false);
  const [sort, setSort] = useState(NEWEST);
  const [open, setOpen] = useState<string | null>(null);
  const show = useCallback((backup: Backup) => setOpen(backup.backup_id), []);
  const { language } = i18n;

  const columns = useMemo<Column<Backup>[]>(
    () => [
      {
        id: 'date',
        label: t('backups.column.made'),
        value: (backup) => Date.parse(backup.date),
        cell: (backup) => (
          <span className={styles.name}>
            <strong>{backup.name}</strong>
            <span>
              {formatTime(Date.parse(backup.date), language)} · <RelativeTime at={backup.date} />
            </span>
          </span>
        ),
      },
      {
        id: 'content',
        label: t('backups.column.content'),
        value: (backup) => contentOf(backup, t),
        cell: (backup) => (
          <span className={styles.chips}>
            {backup.with_automatic_settings && <Chip>{t('backups.automatic')}</Chip>}
            <span>{contentOf(backup, t)}</span>
          </span>
        ),
        show: 'wide',
      },
      { id: 'size', label: t('backups.column.size'), value: sizeOf, cell: (backup) => <SizeCell backup={backup} language={language} label={t('backups.protected')} />, width: '120px', align: 'end' },
    ],
    [t, language],
  );
  const opened = info.data?.backups.find((backup) => backup.backup_id === open);

  return (
    <div className={styles.page}>
      <WorkCard work={work} />
      <Loaded answer={config}>{({ config: chosen }) => <Automatic config={chosen} info={info.data} onDone={() => { config.reload(); info.reload(); }} />}</Loaded>
      <Card
        flush
        title={t('backups.list')}
        actions={
          <div className={styles.buttons}>
            <Upload disabled={!connected || work.busy} onDone={info.reload} />
            <Button small kind="primary" icon={mdiPlus} isDisabled={!connected || work.busy} onPress={() => setMaking(true)}>
              {t('backups.make')}
            </Button>
          </div>
        }
      >
        <Loaded answer={info} height={240}>
          {({ backups }) =>
            backups.length === 0 ? (
              <EmptyState icon={mdiArchiveLockOutline} title={t('backups.none')} text={t('backups.noneText')} />
            ) : (
              <DataTable label={t('backups.list')} rows={backups} rowKey={keyOf} columns={columns} sort={sort} onSort={setSort} onOpen={show} rowHeight={68} />
            )
          }
        </Loaded>
      </Card>
      <p className={styles.note}>{t('backups.elsewhere')}</p>
      {making && <MakeBackup automatic={config.data?.config} onClose={() => setMaking(false)} onBegun={work.look} />}
      {open !== null && info.data && <BackupDetails backup={opened} work={work} onClose={() => setOpen(null)} onDone={info.reload} />}
    </div>
  );
}

function SizeCell({ backup, language, label }: { backup: Backup; language: string; label: string }) {
  return (
    <span className={styles.size}>
      {isProtected(backup) && <Icon path={mdiLockOutline} size={16} label={label} />}
      {formatBytes(sizeOf(backup), language)}
    </span>
  );
}
