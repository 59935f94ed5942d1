/** What debugging is, the run that waits, and what it is to do next. */

import { mdiDebugStepOver, mdiPlay, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button } from '@/components';
import type { Debugger } from './useDebugger';
import styles from './debug.module.css';

interface Props {
  debug: Debugger;
  /** The step before which the run waits, in words. */
  step: string | null;
  onRun: (() => void) | null;
}

export function DebugBar({ debug, step, onRun }: Props) {
  const { t } = useTranslation('automations');
  const [first] = debug.waiting;
  if (first) {
    const others = new Set(debug.waiting.map((each) => each.runId)).size - 1;
    return (
      <Banner
        kind="warn"
        title={t('debug.waits', { step: step ?? first.path })}
        actions={
          <span className={styles.buttons}>
            <Button small kind="primary" icon={mdiDebugStepOver} onPress={() => debug.tell('step')}>{t('debug.step')}</Button>
            <Button small icon={mdiPlay} onPress={() => debug.tell('continue')}>{t('debug.continue')}</Button>
            <Button small icon={mdiStop} onPress={() => debug.tell('stop')}>{t('debug.stop')}</Button>
          </span>
        }
      >
        {others > 0 ? t('debug.others', { count: others }) : t('debug.waitsText')}
      </Banner>
    );
  }
  return (
    <Banner kind="info" title={t('debug.title')} actions={onRun && <Button small icon={mdiPlay} onPress={onRun}>{t('menu.runNow')}</Button>}>
      {t(debug.breakpoints.size === 0 ? 'debug.text' : 'debug.ready')}
    </Banner>
  );
}
