/** The Zigbee networks: letting devices join and watching them come, how the network is, its map. */

import { useState } from 'react';
import { mdiAccessPointPlus, mdiMapOutline, mdiRestart, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button, Card, Chip, Select, Skeleton } from '@/components';
import { useCommand, useSession, useSubscription } from '@/data';
import { useAct } from '@/data/useAct';
import { Countdown } from './Countdown';
import styles from './Integrations.module.css';
import { Newcomers } from './Newcomers';
import { arrived, type Newcomer, type ZigbeeEvent } from './newcomers';
import { useEvery } from './useIntegrations';
import { ZigbeeMap } from './ZigbeeMap';

export interface ZigbeeNetwork {
  base_topic: string;
  state: string;
  device_count: number;
  group_count: number;
  permit_join: boolean;
  permit_join_until: number | null;
  permit_join_via: string | null;
  version: string | null;
  channel: number | null;
  restart_required: boolean;
  coordinator: { ieee_address: string; type: string } | null;
}

/** What Zigbee can count to in one go. */
const LONGEST_S = 254;
const LOOK_MS = 15_000;

export function ZigbeePanel() {
  const { t } = useTranslation('integrations');
  const { data, error, reload } = useCommand<ZigbeeNetwork[]>('zigbee2mqtt/networks');
  const [newcomers, setNewcomers] = useState<readonly Newcomer[]>([]);
  useEvery(LOOK_MS, reload);
  useSubscription<ZigbeeEvent>({ type: 'zigbee2mqtt/subscribe' }, (event) => {
    setNewcomers((before) => arrived(before, event));
    if (event.type !== 'update') reload();
  });
  if (error) return <Banner kind="info" title={t('zigbee.none')}>{error.message}</Banner>;
  if (!data) return <Skeleton height={180} radius="var(--radius)" />;
  if (data.length === 0) return <Banner kind="info" title={t('zigbee.none')}>{t('zigbee.noneText')}</Banner>;
  return data.map((network) => <OneNetwork key={network.base_topic} network={network} newcomers={newcomers.filter((each) => each.network === network.base_topic)} reload={reload} several={data.length > 1} />);
}

function OneNetwork({ network, newcomers, reload, several }: { network: ZigbeeNetwork; newcomers: readonly Newcomer[]; reload: () => void; several: boolean }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const [seconds, setSeconds] = useState('120');
  /** By this browser's clock: the home's may be simulated. */
  const [begun, setBegun] = useState<{ until: number; total: number } | null>(null);
  const [map, setMap] = useState(false);
  const [busy, act] = useAct();
  const [restarting, actRestart] = useAct();
  const base = network.base_topic;
  const open = () => {
    const time = Number(seconds);
    void act(async () => {
      await session.command('zigbee2mqtt/permit_join', { enable: true, time, network: base });
      setBegun({ until: Date.now() + time * 1000, total: time });
    }).then(reload);
  };
  const close = () => void act(() => session.command('zigbee2mqtt/permit_join', { enable: false, network: base })).then(() => (setBegun(null), reload()));
  const until = begun?.until ?? (network.permit_join_until === null ? null : network.permit_join_until * 1000);
  const online = network.state === 'online';
  return (
    <>
      <Card title={several ? t('zigbee.pairIn', { network: base }) : t('zigbee.pair')}>
        <div className={styles.stack}>
          {!online && <Banner kind="warn" title={t('zigbee.offline')}>{t('zigbee.offlineText')}</Banner>}
          {network.permit_join ? (
            <div className={styles.joining}>
              {until !== null && <Countdown until={until} total={begun?.total ?? LONGEST_S} label={t('zigbee.left')} />}
              <p role="status">
                <strong>{t('zigbee.open')}</strong>
                <br />
                {t('zigbee.howTo')}
              </p>
              <Button icon={mdiStop} busy={busy} onPress={close}>
                {t('zigbee.stop')}
              </Button>
            </div>
          ) : (
            <div className={styles.joining}>
              <p>{t('zigbee.text')}</p>
              <Select label={t('zigbee.time')} options={['60', '120', String(LONGEST_S)].map((value) => ({ value, label: t('zigbee.minutes', { count: Math.round((Number(value) / 60) * 10) / 10 }) }))} value={seconds} onChange={setSeconds} />
              <Button kind="primary" icon={mdiAccessPointPlus} busy={busy} isDisabled={!online} onPress={open}>
                {t('zigbee.start')}
              </Button>
            </div>
          )}
          <Newcomers newcomers={newcomers} />
        </div>
      </Card>
      <Card
        title={several ? t('zigbee.networkOf', { network: base }) : t('zigbee.network')}
        actions={
          <Button small icon={mdiRestart} busy={restarting} onPress={() => void actRestart(() => session.command('zigbee2mqtt/restart', { network: base }), t('zigbee.restarted'))}>
            {t('zigbee.restart')}
          </Button>
        }
      >
        <div className={styles.stack}>
          {network.restart_required && <Banner kind="info">{t('zigbee.restartRequired')}</Banner>}
          <div className={styles.chips}>
            <Chip tone={online ? 'ok' : 'danger'}>{t(online ? 'zigbee.online' : 'zigbee.offline')}</Chip>
            <Link href="/devices?integration=mqtt">{t('count.devices', { count: network.device_count })}</Link>
            {network.group_count > 0 && <span>{t('count.groups', { count: network.group_count })}</span>}
          </div>
          <dl className={styles.facts}>
            {([['version', network.version], ['channel', network.channel], ['coordinator', network.coordinator?.type], ['topic', base]] as const)
              .filter(([, value]) => value != null)
              .map(([key, value]) => (
                <div key={key}>
                  <dt>{t(`zigbee.${key}`)}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
          {map ? (
            <ZigbeeMap network={base} />
          ) : (
            <div>
              <Button icon={mdiMapOutline} onPress={() => setMap(true)}>
                {t('map.show')}
              </Button>
            </div>
          )}
        </div>
      </Card>
    </>
  );
}
