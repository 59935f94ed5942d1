import { mdiAlertCircleOutline, mdiCheckCircleOutline, mdiClockOutline, mdiPauseCircleOutline, mdiRestart, mdiSleep } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Chip } from '@/components';
import { asClock, useLeft } from './Countdown';
import type { Bridge, Health } from './model';

const LOOKS = {
  failed: { tone: 'danger', icon: mdiAlertCircleOutline },
  restarting: { tone: 'warn', icon: mdiRestart },
  degraded: { tone: 'warn', icon: mdiAlertCircleOutline },
  starting: { tone: 'info', icon: mdiClockOutline },
  running: { tone: 'ok', icon: mdiCheckCircleOutline },
  disabled: { tone: 'plain', icon: mdiPauseCircleOutline },
  idle: { tone: 'plain', icon: mdiSleep },
} as const;

/** When the first of these bridges starts again (ms); null: none waits for that. */
export function restartAt(bridges: readonly Bridge[], at: number): number | null {
  const waits = bridges.map((bridge) => bridge.restart_in).filter((each) => each !== null);
  return waits.length ? at + Math.min(...waits) * 1000 : null;
}

export function HealthChip({ health, until = null }: { health: Health; until?: number | null }) {
  const { t } = useTranslation('integrations');
  const left = useLeft(until);
  const look = LOOKS[health];
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {health === 'restarting' && until !== null ? t('health.restartingIn', { time: asClock(left) }) : t(`health.${health}`)}
    </Chip>
  );
}
