/** Another dashboard beside the first. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, Switch, TextField } from '@/components';
import { asApiError, useSession } from '@/data';
import styles from './Editor.module.css';

/** Addresses of dashboards have a hyphen, so that they are never a page's. */
const pathOf = (title: string) =>
  `dashboard-${title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || Date.now().toString(36)}`;

export default function NewDashboard({ onMade, onClose }: { onMade: (urlPath: string) => void; onClose: () => void }) {
  const { t } = useTranslation('home');
  const session = useSession();
  const [title, setTitle] = useState('');
  const [admins, setAdmins] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const path = pathOf(title);
      await session.command('lovelace/dashboards/create', { url_path: path, title: title.trim(), require_admin: admins, show_in_sidebar: true, mode: 'storage' });
      await session.command('lovelace/config/save', { url_path: path, config: { views: [{ title: title.trim(), type: 'sections', sections: [] }] } });
      onMade(path);
      onClose();
    } catch (problem) {
      setError(asApiError(problem).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('newDashboard')}
      footer={
        <>
          <Button onPress={onClose}>{t('editor.cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!title.trim()} onPress={() => void make()}>
            {t('editor.create')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {error && <Banner kind="error">{error}</Banner>}
        <TextField label={t('editor.viewTitle')} value={title} onChange={setTitle} autoFocus required />
        <Switch label={t('editor.adminsOnly')} value={admins} onChange={setAdmins} />
      </div>
    </Dialog>
  );
}
