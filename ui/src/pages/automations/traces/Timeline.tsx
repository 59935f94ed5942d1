/** The run as a list of moments, and what the logbook says came of it. */

import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Skeleton } from '@/components';
import { EntityLink } from '@/components/EntityLink';
import { useTriggerWords } from '@/components/triggerWords';
import { useCommand, useSession } from '@/data/hooks';
import { formatTime, useStateWords } from '@/data/words';
import { useSay } from '../kinds/say';
import type { Config } from '../model/types';
import { milliseconds } from './StepDetails';
import { between, inOrder, pieceAt, roleAt, type Step, type Trace } from './trace';
import styles from './traces.module.css';

/** Steps that only say what others say better. */
const DETAIL = /\/entity_id\/\d+$/;

interface Entry {
  when: number;
  name?: string;
  message?: string;
  state?: string;
  entity_id?: string;
  domain?: string;
  /** What set an automation off. */
  source?: string;
}

export function Timeline({ trace, config, onSelect }: { trace: Trace; config: Config; onSelect: (path: string) => void }) {
  const { t, i18n } = useTranslation('automations');
  const say = useSay();
  const words = (step: Step): string => {
    const piece = pieceAt(config, step.path);
    if (piece && Object.keys(piece).length > 0) {
      const option = /\/choose\/(\d+)$/.exec(step.path)?.[1];
      if (option !== undefined) return typeof piece.alias === 'string' ? piece.alias : t('actions.choose.option', { number: Number(option) + 1 });
      return say.piece(roleAt(step.path), piece);
    }
    if (step.path === 'trigger') return t('traces.byHand');
    if (step.path.endsWith('/if')) return t('lists.if');
    return step.path;
  };
  const steps = inOrder(trace).filter((step) => !DETAIL.test(step.path));
  return (
    <div className={styles.stack}>
      <Card title={t('traces.steps')}>
        <ol className={styles.timeline}>
          {steps.map((step, index) => {
            const wrong = step.error ? styles.dotError : step.result?.result === false ? styles.dotFalse : '';
            return (
              <li key={`${step.path} ${index}`}>
                <button type="button" className={styles.moment} onClick={() => onSelect(step.path)}>
                  <span className={styles.offset}>+{milliseconds(between(trace.timestamp.start, step.timestamp), i18n.language)}</span>
                  <span className={`${styles.dot} ${wrong}`} aria-hidden="true" />
                  <span>
                    {words(step)}
                    {step.result?.result === false && <span className={styles.false}> {t('traces.false')}</span>}
                    {step.error && <span className={styles.false}> {step.error}</span>}
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      </Card>
      <Logbook trace={trace} language={i18n.language} />
    </div>
  );
}

function Logbook({ trace, language }: { trace: Trace; language: string }) {
  const { t } = useTranslation('automations');
  const { entities } = useSession();
  const inWords = useStateWords();
  const trigger = useTriggerWords();
  const said = ({ message, state, entity_id, domain, source }: Entry) => {
    if (domain === 'automation' && message !== undefined) return source ? t('traces.setOff', { trigger: trigger(source) }) : t('traces.ran');
    if (domain === 'script' && message !== undefined) return t('traces.ran');
    const entity = message === undefined && entity_id ? entities.get(entity_id) : undefined;
    return entity ? inWords(entity, state) : (message ?? state);
  };
  const { data, error } = useCommand<Entry[]>('logbook/get_events', { start_time: trace.timestamp.start, context_id: trace.context.id });
  return (
    <Card title={t('traces.logbook')}>
      {error ? (
        <p className={styles.quiet}>{error.message}</p>
      ) : !data ? (
        <Skeleton height={80} />
      ) : data.length === 0 ? (
        <EmptyState title={t('traces.logbookEmpty')} />
      ) : (
        <ul className={styles.inside}>
          {data.map((entry, index) => (
            <li key={index}>
              <span className={styles.quiet}>{formatTime(entry.when * 1000, language, 'seconds')}</span>
              <strong>{entry.entity_id ? <EntityLink entityId={entry.entity_id}>{entry.name ?? entry.entity_id}</EntityLink> : entry.name}</strong>
              <span>{said(entry)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
