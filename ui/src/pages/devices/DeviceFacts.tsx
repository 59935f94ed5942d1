import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type Device, deviceName } from '@/data';
import styles from './Devices.module.css';
import type { ConfigEntry } from './useEntries';

/** Only web pages may be opened from what a device says of itself. */
const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

export function DeviceFacts({ device, entries, via }: { device: Device; entries: readonly ConfigEntry[]; via: Device | undefined }) {
  const { t } = useTranslation('devices');
  const facts: [string, ReactNode][] = [
    ['manufacturer', device.manufacturer],
    ['model', device.model],
    ['software', device.sw_version],
    ['hardware', device.hw_version],
    ['serial', device.serial_number],
    ['via', via && <Link href={`/devices/${via.id}`}>{deviceName(via)}</Link>],
    ['connections', device.connections.map((each) => each[1]).join(', ')],
    ['integration', entries.length > 0 && entries.map((entry) => <Link key={entry.entry_id} href={`/integrations/${entry.domain}`}>{entry.title}</Link>)],
    [
      'page',
      isWeb(device.configuration_url) && (
        <a href={device.configuration_url} target="_blank" rel="noreferrer noopener">
          {t('fact.open')}
        </a>
      ),
    ],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([key, value]) => (
          <div key={key}>
            <dt>{t(`fact.${key}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
