/** What zigbee2mqtt knows of a device, and what it can do with it: firmware, interview, reporting, removal. */

import { useState } from 'react';
import { mdiDelete, mdiRefresh, mdiTune, mdiUpdate } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Checkbox, Chip, ConfirmDialog } from '@/components';
import { type Device, useCommand, useSession, useSubscription } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Devices.module.css';

export interface ZigbeeDevice {
  base_topic: string;
  ieee_address: string;
  friendly_name: string;
  type: string;
  model_id: string | null;
  power_source: string | null;
  interviewing: boolean;
  interview_completed: boolean;
  interview_state: string;
  supported: boolean;
  supports_ota: boolean;
  available: boolean | null;
  device_id: string | null;
  network_address: number | null;
  groups: { id: number; friendly_name?: string }[] | number[];
  update: { state: string | null; installed_version?: number | null; latest_version?: number | null; progress?: number | null; remaining?: number | null } | null;
}

const isZigbee = (device: Device) => device.identifiers.some(([domain, id]) => domain === 'mqtt' && /^zigbee2mqtt_0x[0-9a-f]+$/i.test(id));

export function ZigbeeCard({ device }: { device: Device }) {
  return isZigbee(device) ? <Zigbee device={device} /> : null;
}

function Zigbee({ device }: { device: Device }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const { data, error, reload } = useCommand<ZigbeeDevice>('zigbee2mqtt/device', { device: device.id });
  const [busy, act] = useAct();
  const [removing, setRemoving] = useState(false);
  const [force, setForce] = useState(false);
  useSubscription<{ data?: { ieee_address?: string } }>({ type: 'zigbee2mqtt/subscribe' }, (event) => {
    if (data && event.data?.ieee_address === data.ieee_address) reload();
  });
  const run = (action: string, done: string, more: Record<string, unknown> = {}) => act(() => session.command(`zigbee2mqtt/${action}`, { device: device.id, ...more }), done).then((worked) => (reload(), worked));
  if (error) return null; // not (any more) a device of a network that is known
  if (!data) return null;
  const update = data.update;
  const updating = update?.state === 'updating';
  return (
    <Card title={t('zigbee.title')}>
      <div className={styles.stack}>
        <div className={styles.row}>
          {data.available !== null && <Chip tone={data.available ? 'ok' : 'danger'}>{t(data.available ? 'zigbee.online' : 'zigbee.offline')}</Chip>}
          <Chip tone={data.interview_completed ? 'plain' : 'warn'}>{t(`zigbee.interview.${data.interview_state}`, { defaultValue: data.interview_state })}</Chip>
          {!data.supported && <Chip tone="warn">{t('zigbee.unsupported')}</Chip>}
        </div>
        <dl className={styles.facts}>
          {([['role', data.type], ['power', data.power_source], ['ieee', data.ieee_address], ['friendly', data.friendly_name]] as const).filter(([, value]) => value).map(([key, value]) => (
            <div key={key}>
              <dt>{t(`zigbee.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {updating && (
          <div>
            <span role="status">{t('zigbee.updating', { percent: Math.round(update.progress ?? 0) })}</span>
            <div className={styles.bars} aria-hidden="true">
              <span style={{ width: `${update.progress ?? 0}%` }} />
            </div>
          </div>
        )}
        <div className={styles.row}>
          {data.supports_ota && !updating && (
            <>
              <Button small icon={mdiRefresh} busy={busy} onPress={() => void run('ota_check', t('zigbee.checked'))}>
                {t('zigbee.check')}
              </Button>
              {update?.state === 'available' && (
                <Button small kind="primary" icon={mdiUpdate} busy={busy} onPress={() => void run('ota_update', t('zigbee.updateBegun'))}>
                  {t('zigbee.update')}
                </Button>
              )}
            </>
          )}
          <Button small icon={mdiRefresh} busy={busy} onPress={() => void run('interview', t('zigbee.interviewed'))}>
            {t('zigbee.interviewAgain')}
          </Button>
          <Button small icon={mdiTune} busy={busy} onPress={() => void run('configure', t('zigbee.configured'))}>
            {t('zigbee.configure')}
          </Button>
          <Button small kind="danger" icon={mdiDelete} isDisabled={busy} onPress={() => setRemoving(true)}>
            {t('zigbee.remove')}
          </Button>
        </div>
      </div>
      <ConfirmDialog
        open={removing}
        danger
        busy={busy}
        title={t('zigbee.removeTitle', { name: data.friendly_name })}
        text={
          <div className={styles.stack}>
            <p>{t('zigbee.removeText')}</p>
            <Checkbox label={t('zigbee.force')} hint={t('zigbee.forceHint')} value={force} onChange={setForce} />
          </div>
        }
        confirm={t('zigbee.remove')}
        onConfirm={() => void run('remove', t('removed', { name: data.friendly_name }), { force }).then((worked) => worked && setRemoving(false))}
        onClose={() => setRemoving(false)}
      />
    </Card>
  );
}
