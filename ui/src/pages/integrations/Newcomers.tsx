import { mdiAlertCircleOutline, mdiCheckCircleOutline, mdiExitRun } from '@mdi/js';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ComboBox, Icon, Spinner, useAreaOptions } from '@/components';
import { type Device, deviceName, useDevices, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Integrations.module.css';
import type { Newcomer } from './newcomers';

const LOOKS = { successful: mdiCheckCircleOutline, failed: mdiAlertCircleOutline, left: mdiExitRun } as const;

function AreaOf({ device }: { device: Device }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const areas = useAreaOptions();
  const [, act] = useAct();
  if (areas.length === 0) return null;
  return <ComboBox label={t('join.area', { name: deviceName(device) })} hideLabel placeholder={t('join.choose')} options={areas} value={device.area_id} onChange={(area) => void act(() => session.command('config/device_registry/update', { device_id: device.id, area_id: area }))} />;
}

/** Devices as they come: how far each is, and where it belongs. */
export function Newcomers({ newcomers }: { newcomers: readonly Newcomer[] }) {
  const { t } = useTranslation('integrations');
  const devices = useDevices();
  const byAddress = useMemo(() => {
    const found = new Map<string, Device>();
    for (const device of devices.values()) for (const [, id] of device.identifiers) if (id.startsWith('zigbee2mqtt_')) found.set(id.slice('zigbee2mqtt_'.length), device);
    return found;
  }, [devices]);
  if (newcomers.length === 0) return null;
  return (
    <section aria-label={t('join.title')}>
      <h3 className={styles.logTitle}>{t('join.title')}</h3>
      <ul className={styles.newcomers} aria-live="polite">
        {newcomers.map((each) => {
          const device = byAddress.get(each.address);
          const icon = LOOKS[each.status as keyof typeof LOOKS];
          return (
            <li key={each.address}>
              <span className={styles[each.status] ?? ''}>{icon ? <Icon path={icon} /> : <Spinner label="" />}</span>
              <span className={styles.words}>
                <span className={styles.name}>{device ? <Link href={`/devices/${device.id}`}>{deviceName(device)}</Link> : each.name}</span>
                <span className={styles.quiet}>{t(`join.${each.status}`)}</span>
              </span>
              {device && each.status === 'successful' && <AreaOf device={device} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
