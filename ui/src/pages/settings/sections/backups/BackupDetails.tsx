import { useState } from 'react';
import { mdiBackupRestore, mdiDownload } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, ConfirmDialog, Dialog } from '@/components';
import { formatTime, useConnected, useSession } from '@/data';
import { Facts } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { formatBytes } from '../../parts/words';
import styles from './Backups.module.css';
import { RestoreDialog } from './RestoreDialog';
import { AGENT, type Backup, contentOf, isProtected, sizeOf } from './types';
import type { Work } from './useWork';

interface Props {
  /** Undefined: it is gone meanwhile. */
  backup: Backup | undefined;
  work: Work;
  onClose: () => void;
  onDone: () => void;
}

export function BackupDetails({ backup, work, onClose, onDone }: Props) {
  const { t, i18n } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, act } = useAct();
  const [restoring, setRestoring] = useState<Backup | null>(null);
  const [removing, setRemoving] = useState(false);

  if (restoring) return <RestoreDialog backup={restoring} work={work} onClose={onClose} />;
  if (!backup) {
    return (
      <Dialog open onClose={onClose} title={t('backups.list')} size="small">
        <Banner kind="warn">{t('backups.gone')}</Banner>
      </Dialog>
    );
  }
  const download = () =>
    act(async () => {
      const link = document.createElement('a');
      link.href = await session.signed(`/api/backup/download/${backup.backup_id}?agent_id=${AGENT}`);
      link.download = `${backup.backup_id}.tar`;
      link.click();
    });
  const remove = async () => {
    const worked = await act(() => session.rest(`/api/backups/${backup.backup_id}`, { method: 'DELETE' }), t('backups.removed'));
    setRemoving(false);
    onDone();
    if (worked) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={backup.name}
      footer={
        <>
          <Button kind="ghost" className={styles.remove} isDisabled={!connected} onPress={() => setRemoving(true)}>
            {t('backups.remove')}
          </Button>
          <Button icon={mdiDownload} busy={busy} isDisabled={!connected} onPress={() => void download()}>
            {t('backups.download')}
          </Button>
          <Button kind="primary" icon={mdiBackupRestore} isDisabled={!connected || work.busy} onPress={() => setRestoring(backup)}>
            {t('backups.restore.begin')}
          </Button>
        </>
      }
    >
      <Facts
        facts={[
          [t('backups.column.made'), formatTime(Date.parse(backup.date), i18n.language)],
          [t('backups.column.size'), formatBytes(sizeOf(backup), i18n.language)],
          [t('backups.column.content'), contentOf(backup, t)],
          [t('backups.sealed'), t(isProtected(backup) ? 'backups.sealedYes' : 'backups.sealedNo')],
          [t('backups.madeBy'), t(backup.with_automatic_settings ? 'backups.automatic' : 'backups.manual')],
        ]}
      />
      <ConfirmDialog
        open={removing}
        title={t('backups.removeTitle')}
        text={t('backups.removeText', { name: backup.name })}
        confirm={t('backups.remove')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </Dialog>
  );
}
