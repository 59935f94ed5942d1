import { useState } from 'react';
import { mdiDeleteOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog, Menu } from '@/components';
import type { MediaItem } from '@/components/media/browse';
import { useConnected, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Media.module.css';

/** What can be done with a file of the media folder. */
export function FileMenu({ item, onGone }: { item: MediaItem; onGone: () => void }) {
  const { t } = useTranslation('media');
  const session = useSession();
  const connected = useConnected();
  const [busy, act] = useAct();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    const worked = await act(() => session.command('media_source/local_source/remove', { media_content_id: item.media_content_id }), t('deleted', { title: item.title }));
    setAsking(false);
    // Somebody else may have been quicker: then it is gone as well.
    onGone();
    return worked;
  };
  return (
    <div className={styles.menu}>
      <Menu label={t('more', { title: item.title })} entries={[{ id: 'delete', label: t('delete'), icon: mdiDeleteOutline, danger: true, disabled: !connected, run: () => setAsking(true) }]} />
      <ConfirmDialog open={asking} danger busy={busy} title={t('deleteTitle', { title: item.title })} text={t('deleteText')} confirm={t('delete')} onConfirm={() => void remove()} onClose={() => setAsking(false)} />
    </div>
  );
}
