/** What Z-Wave JS UI can do with a node: ping, interview, heal, forget when it has failed. */

import { useEffect, useState } from 'react';
import { mdiDelete, mdiRefresh, mdiRouterNetwork, mdiTargetVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Chip, ConfirmDialog, RelativeTime } from '@/components';
import { ApiError, asApiError, type Device, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Devices.module.css';

interface Node {
  node_id?: number;
  id?: number;
  status?: string | null;
  ready?: boolean;
  last_active?: number | null;
  gateway: string;
}

const nodeIdOf = (device: Device): string | null => {
  for (const [domain, id] of device.identifiers) {
    const found = domain === 'mqtt' ? /^zwavejs2mqtt_0x[0-9a-f]+_node(\d+)$/i.exec(id) : null;
    if (found) return found[1]!;
  }
  return null;
};

export function ZwaveCard({ device }: { device: Device }) {
  const nodeId = nodeIdOf(device);
  return nodeId ? <Zwave nodeId={nodeId} name={device.name ?? nodeId} /> : null;
}

function Zwave({ nodeId, name }: { nodeId: string; name: string }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const [node, setNode] = useState<Node | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const [turn, setTurn] = useState(0);
  const [busy, act] = useAct();
  useEffect(() => {
    let wanted = true;
    session.rest<Node>(`/api/integrations/zwave/nodes/${nodeId}`).then(
      (found) => wanted && setNode(found),
      (error: unknown) => wanted && setProblem(asApiError(error).message),
    );
    return () => {
      wanted = false;
    };
  }, [session, nodeId, turn]);
  /** The server tells with status 200 what the gateway refuses. */
  const run = (action: string, done: string) =>
    act(async () => {
      const answer = await session.rest<{ result: string; message?: string }>(`/api/integrations/zwave/nodes/${nodeId}/${action}`, { method: 'POST', body: {} });
      if (answer.result === 'error') throw new ApiError('refused', answer.message ?? action);
      setTurn((now) => now + 1);
    }, done);
  return (
    <Card title={t('zwave.title')}>
      {problem && <p className={styles.quiet}>{problem}</p>}
      <div className={styles.stack}>
        <div className={styles.row}>
          <Chip>{t('zwave.node', { id: nodeId })}</Chip>
          {node?.status && <Chip tone={node.status === 'Dead' ? 'danger' : 'ok'}>{t(`zwave.status.${node.status}`, { defaultValue: node.status })}</Chip>}
          {node?.last_active != null && (
            <span className={styles.quiet}>
              <RelativeTime at={node.last_active > 1e11 ? node.last_active : node.last_active * 1000} />
            </span>
          )}
        </div>
        <div className={styles.row}>
          <Button small icon={mdiTargetVariant} busy={busy} onPress={() => void run('ping', t('zwave.pinged'))}>
            {t('zwave.ping')}
          </Button>
          <Button small icon={mdiRefresh} busy={busy} onPress={() => void run('refresh_info', t('zwave.interviewed'))}>
            {t('zwave.interview')}
          </Button>
          <Button small icon={mdiRouterNetwork} busy={busy} onPress={() => void run('rebuild_node_routes', t('zwave.healed'))}>
            {t('zwave.heal')}
          </Button>
          {node?.status === 'Dead' && (
            <Button small kind="danger" icon={mdiDelete} isDisabled={busy} onPress={() => setRemoving(true)}>
              {t('zwave.remove')}
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog open={removing} danger busy={busy} title={t('removeTitle', { name })} text={t('zwave.removeText')} confirm={t('zwave.remove')} onConfirm={() => void run('remove_failed_node', t('removed', { name })).then((worked) => worked && setRemoving(false))} onClose={() => setRemoving(false)} />
    </Card>
  );
}
