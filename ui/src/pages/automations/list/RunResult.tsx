/** How a run ended, in a word. */

import { mdiAlertCircleOutline, mdiCancel, mdiCheck, mdiFilterOutline, mdiPause, mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Chip } from '@/components';
import type { ShortTrace } from './automations';
import styles from './list.module.css';

const LOOKS: Record<string, { tone: 'ok' | 'warn' | 'danger' | 'plain' | 'info'; icon: string }> = {
  debugged: { tone: 'warn', icon: mdiPause },
  running: { tone: 'info', icon: mdiPlay },
  finished: { tone: 'ok', icon: mdiCheck },
  aborted: { tone: 'danger', icon: mdiAlertCircleOutline },
  error: { tone: 'danger', icon: mdiAlertCircleOutline },
  cancelled: { tone: 'plain', icon: mdiCancel },
  failed_conditions: { tone: 'warn', icon: mdiFilterOutline },
  failed_single: { tone: 'warn', icon: mdiCancel },
  failed_max_runs: { tone: 'warn', icon: mdiCancel },
};

/** The word for how a run ended: a key below `result` in the texts. */
export const resultOf = (trace: ShortTrace): string => (trace.state === 'stopped' ? (trace.script_execution ?? 'finished') : trace.state);

export function RunResult({ trace }: { trace: ShortTrace }) {
  const { t } = useTranslation('automations');
  const result = resultOf(trace);
  const look = LOOKS[result] ?? LOOKS.cancelled!;
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {t(`result.${result}`, { defaultValue: result })}
    </Chip>
  );
}

/** The same, leading to the trace. */
export function RunLink({ trace }: { trace: ShortTrace }) {
  const { t } = useTranslation('automations');
  const folder = trace.domain === 'script' ? 'scripts' : 'automations';
  return (
    <Link href={`/${folder}/trace/${encodeURIComponent(trace.item_id)}/${trace.run_id}`} className={styles.link} aria-label={t('result.open', { result: t(`result.${resultOf(trace)}`) })}>
      <RunResult trace={trace} />
    </Link>
  );
}
