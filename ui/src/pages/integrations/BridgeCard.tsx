/** A bridge: the part of the server, or the program, that speaks with devices. Its health, its failures, its log. */

import { useState } from 'react';
import { mdiRestart, mdiTextBoxOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, RelativeTime } from '@/components';
import { ApiError, prettify, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { BridgeLog } from './BridgeLog';
import { HealthChip, restartAt } from './HealthChip';
import styles from './Integrations.module.css';
import { type Bridge, healthOfBridge } from './model';

export function BridgeCard({ bridge, at }: { bridge: Bridge; at: number }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const [open, setOpen] = useState(false);
  const [busy, act] = useAct();
  const health = healthOfBridge(bridge);
  const name = t(`bridges.${bridge.name}`, { defaultValue: prettify(bridge.name) });
  const restart = () =>
    act(async () => {
      const answer = await session.rest<{ result?: string; message?: string }>(`/api/actors${bridge.path}/restart`, { method: 'POST', body: {} });
      if (answer.result !== 'ok') throw new ApiError('refused', answer.message ?? '');
    }, t('bridge.restarted', { name }));
  const facts = [
    health === 'running' || health === 'degraded' ? ([t('bridge.since'), <RelativeTime key="since" at={at - bridge.uptime * 1000} />] as const) : null,
    bridge.devices === undefined ? null : ([t('bridge.devices'), bridge.unreachable ? t('bridge.unreachable', { count: bridge.unreachable, all: bridge.devices }) : bridge.devices] as const),
    bridge.entities > 0 ? ([t('bridge.entities'), bridge.entities] as const) : null,
    [t('bridge.restarts'), bridge.restarts] as const,
    bridge.pid === null ? null : ([t('bridge.process'), bridge.pid] as const),
  ].filter((each) => each !== null);
  return (
    <Card
      title={t('bridge.title', { name })}
      actions={
        <Button small icon={mdiRestart} busy={busy} onPress={() => void restart()}>
          {t('bridge.restart')}
        </Button>
      }
    >
      <div className={styles.stack}>
        <div className={styles.chips}>
          <HealthChip health={health} until={restartAt([bridge], at)} />
        </div>
        {bridge.last_error && (
          <Banner kind={health === 'running' ? 'info' : health === 'failed' ? 'error' : 'warn'} title={t(health === 'running' ? 'bridge.lastProblem' : 'bridge.problem')}>
            {bridge.last_error}
          </Banner>
        )}
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {bridge.failures.length > 0 && (
          <details className={styles.more}>
            <summary>{t('bridge.failures', { count: bridge.failures.length })}</summary>
            <ul className={styles.failures}>
              {[...bridge.failures].reverse().map((failure, index) => (
                <li key={`${failure.time} ${index}`}>
                  <span className={styles.quiet}>
                    <RelativeTime at={failure.time * 1000} />
                  </span>
                  {failure.error}
                </li>
              ))}
            </ul>
          </details>
        )}
        <div>
          <Button small kind="ghost" icon={mdiTextBoxOutline} aria-expanded={open} onPress={() => setOpen(!open)}>
            {t(open ? 'bridge.hideLog' : 'bridge.showLog')}
          </Button>
        </div>
        {open && <BridgeLog name={bridge.name} />}
      </div>
    </Card>
  );
}
