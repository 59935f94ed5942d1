/** The Z-Wave networks: adding and removing devices, finding routes anew. */

import { useCallback, useEffect, useState } from 'react';
import { mdiAccessPointPlus, mdiRouterNetwork, mdiStop, mdiTrashCanOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Chip, ConfirmDialog, Skeleton } from '@/components';
import { ApiError, asApiError, prettify, useSession, useSubscription } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Integrations.module.css';
import { useEvery } from './useIntegrations';

interface Gateway {
  prefix: string;
  name: string;
  version: string;
  connected: boolean;
  mode: string;
  node_count: number;
}
interface ZwaveEvent {
  data: { gateway: string; source: string; event: string; node_id: number | null };
}
const LOOK_MS = 3000;
const KEPT = 20;

export function ZwavePanel() {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const [gateways, setGateways] = useState<readonly Gateway[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [events, setEvents] = useState<readonly ZwaveEvent['data'][]>([]);
  const read = useCallback(() => {
    session.rest<Gateway[]>('/api/integrations/zwave/gateways').then(
      (found) => (setGateways(found), setProblem(null)),
      (error: unknown) => setProblem(asApiError(error).message),
    );
  }, [session]);
  useEffect(read, [read]);
  useEvery(LOOK_MS, read);
  useSubscription<ZwaveEvent>({ type: 'subscribe_events', event_type: 'zwave_js_ui_event' }, ({ data }) => {
    if (/node.*(added|removed|ready)|(inclusion|exclusion).*(started|stopped|failed)/i.test(data.event)) setEvents((before) => [data, ...before].slice(0, KEPT));
    read();
  });
  if (problem && !gateways) return <Banner kind="info" title={t('zwave.none')}>{problem}</Banner>;
  if (!gateways) return <Skeleton height={160} radius="var(--radius)" />;
  const known = gateways.filter((gateway) => gateway.name || gateway.connected);
  if (known.length === 0) return <Banner kind="info" title={t('zwave.none')}>{t('zwave.noneText')}</Banner>;
  return (
    <>
      {known.map((gateway) => (
        <OneGateway key={gateway.prefix} gateway={gateway} onChange={read} events={events.filter((each) => each.gateway === gateway.name || each.gateway === gateway.prefix)} />
      ))}
    </>
  );
}

function OneGateway({ gateway, onChange, events }: { gateway: Gateway; onChange: () => void; events: readonly ZwaveEvent['data'][] }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const [busy, act] = useAct();
  const [asking, setAsking] = useState<'exclude' | 'heal' | null>(null);
  /** What the gateway refuses is told with status 200. */
  const run = (action: string, done?: string) =>
    act(async () => {
      const answer = await session.rest<{ result: string; message?: string }>(`/api/integrations/zwave/${action}`, { method: 'POST', body: { gateway: gateway.name || gateway.prefix } });
      if (answer.result === 'error') throw new ApiError('refused', answer.message ?? action);
      setAsking(null);
    }, done).then(onChange);
  const including = gateway.mode === 'including';
  const excluding = gateway.mode === 'excluding';
  return (
    <Card title={t('zwave.title', { name: gateway.name })}>
      <div className={styles.stack}>
        <div className={styles.chips}>
          <Chip tone={gateway.connected ? 'ok' : 'danger'}>{t(gateway.connected ? 'zigbee.online' : 'zigbee.offline')}</Chip>
          <span>{t('count.nodes', { count: gateway.node_count })}</span>
          {gateway.version && <span className={styles.quiet}>{gateway.version}</span>}
        </div>
        {including || excluding ? (
          <div className={styles.joining}>
            <p role="status">
              <strong>{t(including ? 'zwave.including' : 'zwave.excluding')}</strong>
              <br />
              {t('zwave.howTo')}
            </p>
            <Button icon={mdiStop} busy={busy} onPress={() => void run(including ? 'stop_inclusion' : 'stop_exclusion')}>
              {t('zigbee.stop')}
            </Button>
          </div>
        ) : (
          <div className={styles.chips}>
            <Button kind="primary" icon={mdiAccessPointPlus} busy={busy} isDisabled={!gateway.connected} onPress={() => void run('start_inclusion')}>
              {t('zwave.include')}
            </Button>
            <Button icon={mdiTrashCanOutline} isDisabled={!gateway.connected || busy} onPress={() => setAsking('exclude')}>
              {t('zwave.exclude')}
            </Button>
            <Button icon={mdiRouterNetwork} isDisabled={!gateway.connected || busy} onPress={() => setAsking('heal')}>
              {t('zwave.heal')}
            </Button>
          </div>
        )}
        {events.length > 0 && (
          <ul className={styles.failures} aria-live="polite">
            {events.map((event, index) => (
              <li key={`${event.event} ${event.node_id} ${events.length - index}`}>
                {t(`zwave.event.${event.event.replaceAll(' ', '_')}`, { defaultValue: prettify(event.event) })}
                {event.node_id !== null && ` · ${t('zwave.node', { id: event.node_id })}`}
              </li>
            ))}
          </ul>
        )}
      </div>
      <ConfirmDialog open={asking === 'exclude'} busy={busy} title={t('zwave.exclude')} text={t('zwave.excludeText')} confirm={t('zwave.excludeGo')} onConfirm={() => void run('start_exclusion')} onClose={() => setAsking(null)} />
      <ConfirmDialog open={asking === 'heal'} busy={busy} title={t('zwave.heal')} text={t('zwave.healText')} confirm={t('zwave.healGo')} onConfirm={() => void run('rebuild_routes', t('zwave.healing'))} onClose={() => setAsking(null)} />
    </Card>
  );
}
