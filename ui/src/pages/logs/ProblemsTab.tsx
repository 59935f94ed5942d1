import { useEffect, useState } from 'react';
import { mdiCheckCircleOutline, mdiContentCopy, mdiFilterOffOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Chip, EmptyState, RelativeTime, Skeleton } from '@/components';
import { useCommand } from '@/data';
import { useLogLines } from '@/data/logLines';
import { fits, keyOf, type Problem } from './log';
import styles from './Logs.module.css';

/** Lines come in bursts; one question answers them all. */
const SETTLE_MS = 400;

/** Asked again when the log tells of another problem. */
function useProblems() {
  const list = useCommand<Problem[]>('system_log/list');
  const { log } = useLogLines({ level: 'warning' });
  const { reload } = list;
  const latest = log?.lines.at(-1);
  const count = log ? log.lines.length + log.skipped : 0;
  useEffect(() => {
    if (latest === undefined) return undefined;
    const timer = setTimeout(reload, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [latest, count, reload]);
  return list;
}

/** What went wrong, repeats together, the latest first. */
export function ProblemsTab({ levels, search }: { levels: ReadonlySet<string>; search: string }) {
  const { t } = useTranslation('logs');
  const list = useProblems();
  if (list.error && !list.data) {
    return (
      <Banner kind="error" title={t('failed')} actions={<Button onPress={list.reload}>{t('again')}</Button>}>
        {list.error.message}
      </Banner>
    );
  }
  if (!list.data) return <Skeleton height={240} radius="var(--radius)" />;
  const shown = list.data.filter((problem) => fits(problem, levels, search));
  if (shown.length === 0) {
    return list.data.length === 0 ? <EmptyState icon={mdiCheckCircleOutline} title={t('none.title')} text={t('none.text')} /> : <EmptyState icon={mdiFilterOffOutline} title={t('nothing.title')} text={t('nothing.text')} />;
  }
  return (
    <ul className={styles.problems} aria-label={t('tabs.problems')}>
      {shown.map((problem) => (
        <li key={keyOf(problem)}>
          <ProblemCard problem={problem} />
        </li>
      ))}
    </ul>
  );
}

const TONES: Record<string, 'danger' | 'warn' | 'info'> = { CRITICAL: 'danger', ERROR: 'danger', WARNING: 'warn' };

function ProblemCard({ problem }: { problem: Problem }) {
  const { t } = useTranslation('logs');
  const [open, setOpen] = useState(false);
  const { message, name, source, level, count, exception } = problem;
  const text = [`${level} ${name} (${source.join(':')})`, ...message, exception].filter(Boolean).join('\n');
  return (
    <details className={styles.problem} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.head}>
          <Chip tone={TONES[level] ?? 'info'}>{t(`levels.${level}`, { defaultValue: level })}</Chip>
          {count > 1 && <Chip>{t('times', { count })}</Chip>}
          <span className={styles.when}>
            <RelativeTime at={problem.timestamp * 1000} />
          </span>
        </span>
        <strong className={styles.message}>{message.at(-1)}</strong>
        <span className={styles.from}>{name}</span>
      </summary>
      {open && (
        <div className={styles.inside}>
          <dl className={styles.facts}>
            <div>
              <dt>{t('from')}</dt>
              <dd>
                <code>{name}</code>
              </dd>
            </div>
            <div>
              <dt>{t('place')}</dt>
              <dd>
                <code>{source.join(':')}</code>
              </dd>
            </div>
            <div>
              <dt>{t('first')}</dt>
              <dd>
                <RelativeTime at={problem.first_occurred * 1000} />
              </dd>
            </div>
            <div>
              <dt>{t('last')}</dt>
              <dd>
                <RelativeTime at={problem.timestamp * 1000} />
              </dd>
            </div>
          </dl>
          {message.length > 1 && (
            <>
              <h3 className={styles.label}>{t('variants')}</h3>
              <ul className={styles.variants}>
                {message.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </>
          )}
          {exception && (
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard must reach it
            <pre className={styles.stack} tabIndex={0} aria-label={t('stack')}>
              {exception}
            </pre>
          )}
          <Button small icon={mdiContentCopy} onPress={() => void navigator.clipboard.writeText(text).then(() => toast.ok(t('copied')), () => toast.error(t('notCopied')))}>
            {t('copy')}
          </Button>
        </div>
      )}
    </details>
  );
}
