/** Settings of an entity that some client wrote: it has no entry, but a place, and it can be removed. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { ConfirmDialog } from '@/components/Dialog';
import { closeMoreInfo } from '@/components/MoreInfo';
import { AreaPicker } from '@/components/pickers';
import { useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import styles from './Settings.module.css';

export function Unregistered({ entityId }: { entityId: string }) {
  const { t } = useTranslation('domains');
  const session = useSession();
  const [area, setArea] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  const attempt = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work();
      toast.ok(done);
      return true;
    } catch (error) {
      toast.error(asApiError(error).message);
      return false;
    }
  };
  return (
    <div className={styles.form}>
      <Banner kind="info" title={t('info.unregistered')}>
        {t('info.unregisteredText')}
      </Banner>
      <AreaPicker
        label={t('info.area')}
        value={area}
        onChange={(id) => void attempt(() => session.rest(`/api/areas/${encodeURIComponent(id)}/entities/${entityId}`, { method: 'POST' }), t('info.saved')).then((worked) => worked && setArea(id))}
      />
      <div className={styles.actions}>
        <Button kind="ghost" onPress={() => setAsks(true)}>
          {t('delete')}
        </Button>
      </div>
      <ConfirmDialog
        open={asks}
        danger
        title={t('info.deleteTitle', { entity: entityId })}
        text={t('info.deleteVirtual')}
        confirm={t('delete')}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false);
          void attempt(() => session.rest(`/api/states/${entityId}`, { method: 'DELETE' }), t('info.deleted', { entity: entityId })).then((worked) => worked && closeMoreInfo());
        }}
      />
    </div>
  );
}
