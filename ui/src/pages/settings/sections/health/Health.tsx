/** How the server is: figures that matter, its parts, and the facts that one is asked for in a question. */

import { useEffect, useState } from 'react';
import { mdiContentCopy } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, Skeleton } from '@/components';
import { asApiError, formatNumber, formatTime, prettify, useConnected, useSession, useSubscription, useUser } from '@/data';
import { useTitles } from '@/data/words';
import { Facts } from '../../parts/Rows';
import { formatBytes } from '../../parts/words';
import { asText, type Facts as FactsByPart, type HealthReport, sinceWords } from './health';
import styles from './Health.module.css';
import { Parts } from './Parts';

const EVERY_MS = 5000;

interface Machine {
  cpu_percent: number;
  memory_used_percent: number;
}

export default function Health() {
  const { t, i18n } = useTranslation('settings');
  const session = useSession();
  const titleOf = useTitles();
  const user = useUser();
  const connected = useConnected();
  const [health, setHealth] = useState<HealthReport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [machine, setMachine] = useState<Machine | null>(null);
  const [facts, setFacts] = useState<FactsByPart | null>(null);

  useEffect(() => {
    if (!connected) return undefined;
    let wanted = true;
    const look = () => {
      if (document.hidden) return;
      session.rest<HealthReport>('/api/health').then(
        (found) => {
          if (!wanted) return;
          setHealth(found);
          setProblem(null);
        },
        (refused: unknown) => wanted && setProblem(asApiError(refused).message),
      );
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [session, connected]);
  useSubscription<Machine>({ type: 'hardware/subscribe_system_status' }, setMachine);
  useSubscription<{ type: string; data?: FactsByPart }>({ type: 'system_health/info' }, (event) => event.data && setFacts(event.data));

  const copy = async () => {
    if (!facts) return;
    try {
      await navigator.clipboard.writeText(asText(facts));
      toast.ok(t('health.copied'));
    } catch {
      toast.info(t('health.copyByHand'));
    }
  };
  if (!health) return problem ? <Banner kind="error" title={t('failed')}>{problem}</Banner> : <Skeleton height={360} radius="var(--radius)" />;

  const { core, system } = health;
  const worst = system.hub?.longest_ms ?? null;
  const figures: [string, string, string][] = [
    [t('health.uptime'), sinceWords(health.uptime_seconds, i18n.language), t('health.startedIn', { seconds: formatNumber(health.startup_ms / 1000, i18n.language, { max: 1 }) })],
    [t('health.memory'), formatBytes(health.memory_rss_kb * 1024, i18n.language), machine ? t('health.ofMachine', { percent: formatNumber(machine.memory_used_percent, i18n.language, { max: 0 }) }) : ''],
    [t('health.processor'), machine ? `${machine.cpu_percent} %` : '…', t('health.load', { load: formatNumber(system.load_1m, i18n.language) })],
    [t('health.entities'), formatNumber(health.entity_count, i18n.language), t('health.changes', { count: health.state_changes, shown: formatNumber(health.state_changes, i18n.language) })],
    [t('health.database'), core.database_bytes == null ? '–' : formatBytes(core.database_bytes, i18n.language), core.disk_used == null ? '' : t('health.disk', { percent: formatNumber(core.disk_used * 100, i18n.language, { max: 0 }) })],
    [t('health.latency'), worst === null ? '–' : `${formatNumber(worst, i18n.language, { max: 1 })} ms`, t('health.latencyText')],
  ];
  return (
    <>
      <dl className={styles.figures}>
        {figures.map(([name, value, note]) => (
          <div key={name} className={styles.figure}>
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
              <span>{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.links}>
        {user.is_owner && <Link href="/console">{t('health.console')}</Link>} <Link href="/logs">{t('health.logs')}</Link>
      </p>
      {core.recorder?.last_error && (
        <Banner kind="error" title={t('health.recorder')}>
          {core.recorder.last_error}
        </Banner>
      )}
      <Parts parts={health.integrations} broken={core.broken_parts} />
      <Card
        title={t('health.facts')}
        actions={
          <Button small icon={mdiContentCopy} isDisabled={!facts} onPress={() => void copy()}>
            {t('health.copy')}
          </Button>
        }
      >
        {facts ? (
          <div className={styles.facts}>
            {Object.entries(facts).map(([part, { info }]) => (
              <section key={part}>
                <h3>{titleOf(part)}</h3>
                <Facts facts={Object.entries(info).map(([name, value]) => [t(`health.fact.${name}`, { defaultValue: prettify(name) }), typeof value === 'boolean' ? <Chip>{t(value ? 'yes' : 'no')}</Chip> : typeof value === 'object' && value ? (value.type === 'date' ? formatTime(Date.parse(String(value.value)), session.language) : String(value.value)) : t(`health.value.${String(value).replaceAll(/\W/g, '_')}`, { defaultValue: String(value) })])} />
              </section>
            ))}
          </div>
        ) : (
          <Skeleton height={160} />
        )}
      </Card>
    </>
  );
}
