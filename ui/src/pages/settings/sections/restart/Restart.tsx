/** Reading the files again, starting anew, and what safe mode means. */

import { useState } from 'react';
import { mdiFileCheckOutline, mdiRestart, mdiShieldAlertOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, ConfirmDialog, Dialog, Spinner } from '@/components';
import { useCommand, useConnected, useHomeConfig, useServices, useSession } from '@/data';
import { useTitles } from '@/data/words';
import { Loaded } from '../../parts/Loaded';
import { ProblemList } from '../../parts/ProblemList';
import type { Problem, SystemInfo } from '../../parts/system';
import { useAct } from '../../parts/useAct';
import { useReloadAfterRestart } from '../../parts/useReloadAfterRestart';
import styles from './Restart.module.css';

interface Verdict {
  result: 'valid' | 'invalid';
  errors: string | null;
  warnings: string | null;
}

interface RestartAnswer {
  restarts: boolean;
  fatal: boolean;
  problems: Problem[];
}

export default function Restart() {
  const info = useCommand<SystemInfo>('marge/system/info');
  return (
    <>
      <ReadAgain />
      <Loaded answer={info}>
        {(found) => (
          <>
            <StartAnew possible={found.can_restart} />
            <SafeMode info={found} />
          </>
        )}
      </Loaded>
    </>
  );
}

function ReadAgain() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const services = useServices();
  const titleOf = useTitles();
  const checking = useAct();
  const reading = useAct();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const single = Object.keys(services).filter((domain) => services[domain]?.reload).sort();
  const check = () => checking.act(async () => setVerdict(await session.rest<Verdict>('/api/config/core/check_config', { method: 'POST' })));
  const readAll = () => reading.act(() => session.call('homeassistant', 'reload_all'), t('restart.read'));
  const readOne = (domain: string) => reading.act(() => session.call(domain, 'reload'), t('restart.readOne', { name: titleOf(domain) }));
  return (
    <Card title={t('restart.files')} icon={mdiFileCheckOutline}>
      <p className={styles.text}>{t('restart.filesText')}</p>
      {verdict && (
        <Banner kind={verdict.result === 'valid' ? (verdict.warnings ? 'warn' : 'ok') : 'error'} title={t(`restart.verdict.${verdict.result}`)}>
          {(verdict.errors ?? verdict.warnings) && <pre className={styles.lines}>{[verdict.errors, verdict.warnings].filter(Boolean).join('\n')}</pre>}
        </Banner>
      )}
      <div className={styles.row}>
        <Button busy={checking.busy} isDisabled={!connected} onPress={() => void check()}>
          {t('restart.check')}
        </Button>
        <Button busy={reading.busy} isDisabled={!connected} onPress={() => void readAll()}>
          {t('restart.readAll')}
        </Button>
      </div>
      {single.length > 0 && (
        <details className={styles.more}>
          <summary>{t('restart.single')}</summary>
          <div className={styles.row}>
            {single.map((domain) => (
              <Button key={domain} small isDisabled={!connected || reading.busy} onPress={() => void readOne(domain)}>
                {titleOf(domain)}
              </Button>
            ))}
          </div>
        </details>
      )}
    </Card>
  );
}

function StartAnew({ possible }: { possible: boolean }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<RestartAnswer | null>(null);
  const [waits, setWaits] = useState(false);
  useReloadAfterRestart(waits);
  const restart = (anyway: boolean) =>
    act(async () => {
      const answer = await session.command<RestartAnswer>('marge/system/restart', { anyway });
      setAsking(false);
      setRefused(answer.restarts ? null : answer);
      setWaits(answer.restarts);
    });
  return (
    <Card title={t('restart.title')} icon={mdiRestart}>
      <p className={styles.text}>{t(possible ? 'restart.text' : 'restart.impossible')}</p>
      {refused && (
        <Banner kind="error" title={t(refused.fatal ? 'restart.fatal' : 'restart.wrong')}>
          <ProblemList problems={refused.problems} />
        </Banner>
      )}
      <div className={styles.row}>
        <Button isDisabled={!possible || !connected} onPress={() => setAsking(true)}>
          {t('restart.do')}
        </Button>
        {refused && !refused.fatal && (
          <Button kind="danger" busy={busy} isDisabled={!connected} onPress={() => void restart(true)}>
            {t('restart.anyway')}
          </Button>
        )}
      </div>
      <ConfirmDialog open={asking} title={t('restart.askTitle')} text={t('restart.askText')} confirm={t('restart.do')} busy={busy} onConfirm={() => void restart(false)} onClose={() => setAsking(false)} />
      <Dialog
        open={waits}
        onClose={() => {
          setWaits(false);
          toast.info(t('restart.waiting'));
        }}
        title={t('restart.waiting')}
        size="small"
        dismissable={false}
      >
        <div className={styles.waiting} role="status">
          <Spinner label={t('restart.waiting')} />
          <p>{t('restart.waitingText')}</p>
        </div>
      </Dialog>
    </Card>
  );
}

function SafeMode({ info }: { info: SystemInfo }) {
  const { t } = useTranslation('settings');
  const safe = useHomeConfig()?.safe_mode === true;
  const skipped = info.broken_parts.length + info.problems.length > 0;
  return (
    <Card title={t('restart.safe')} icon={mdiShieldAlertOutline} actions={<Chip tone={safe ? 'warn' : 'ok'}>{t(safe ? 'restart.safeOn' : 'restart.safeOff')}</Chip>}>
      <p className={styles.text}>{t(safe ? 'restart.safeOnText' : 'restart.safeOffText')}</p>
      {safe && (
        <p className={styles.row}>
          <Link href="/settings/repairs">{t('restart.safeLeave')}</Link>
          <Link href="/settings/backups">{t('restart.safeBackups')}</Link>
        </p>
      )}
      <h3 className={styles.sub}>{t('restart.skipped')}</h3>
      {skipped ? (
        <>
          <ul className={styles.list}>
            {info.broken_parts.map((part) => (
              <li key={part.module}>
                <code>{part.module}</code> {part.reason}
              </li>
            ))}
          </ul>
          <ProblemList problems={info.problems} />
        </>
      ) : (
        <p className={styles.text}>{t('restart.nothingSkipped')}</p>
      )}
    </Card>
  );
}
