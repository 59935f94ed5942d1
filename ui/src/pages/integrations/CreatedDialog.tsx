/** Something was added: its devices get their areas. They may come a moment later. */

import { useMemo, useState } from 'react';
import { mdiCheckCircleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, ComboBox, Dialog, Icon, useAreaOptions } from '@/components';
import { asApiError, deviceName, useDevices, useSession } from '@/data';
import styles from './Integrations.module.css';

const SHOWN = 50;

export function CreatedDialog({ entryId, onClose }: { entryId: string; onClose: () => void }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const devices = useDevices();
  const areas = useAreaOptions();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const mine = useMemo(() => [...devices.values()].filter((device) => device.config_entries.includes(entryId) && device.entry_type !== 'service'), [devices, entryId]);
  const options = useMemo(() => [{ value: '', label: t('created.noArea') }, ...areas], [areas, t]);
  const finish = async () => {
    setBusy(true);
    try {
      for (const [id, area] of Object.entries(chosen)) await session.command('config/device_registry/update', { device_id: id, area_id: area || null });
      onClose();
    } catch (error) {
      toast.error(asApiError(error).message);
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t('created.title')}
      footer={
        <Button kind="primary" busy={busy} onPress={() => void finish()}>
          {t('created.finish')}
        </Button>
      }
    >
      <div className={styles.form}>
        <p className={styles.chips}>
          <Icon path={mdiCheckCircleOutline} className={styles.good} />
          {mine.length ? t('created.text', { count: mine.length }) : t('created.none')}
        </p>
        {areas.length > 0 &&
          mine.slice(0, SHOWN).map((device) => <ComboBox key={device.id} label={deviceName(device)} options={options} value={chosen[device.id] ?? device.area_id ?? ''} onChange={(area) => setChosen({ ...chosen, [device.id]: area })} />)}
      </div>
    </Dialog>
  );
}
