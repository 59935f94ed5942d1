/** Why it did not do anything: what it waits for, whether its conditions hold now, and which attempts ended where. */

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mdiFlaskOutline } from '@mdi/js';
import { Banner, Button, Card, Chip, RelativeTime, Skeleton, StateText } from '@/components';
import { EntityLink } from '@/components/EntityLink';
import { useTriggerWords } from '@/components/triggerWords';
import { useCommand, useEntity, useSession } from '@/data/hooks';
import { testCondition, type Tried } from '../editor/trying';
import { useSay } from '../kinds/say';
import type { ShortTrace } from '../list/automations';
import { RunLink } from '../list/RunResult';
import { spell } from '../model/spelling';
import { asList, type Config, idsOf, type Piece } from '../model/types';
import { Seen } from './StepDetails';
import { falseCondition, type Trace } from './trace';
import styles from './traces.module.css';

interface Props {
  entityId: string | undefined;
  traces: readonly ShortTrace[];
}

export function WhyNot({ entityId, traces }: Props) {
  const { t } = useTranslation('automations');
  const entity = useEntity(entityId);
  const { data } = useCommand<{ config: Config }>(entityId ? 'automation/config' : null, { entity_id: entityId }, ['automation_reloaded']);
  const config = data ? spell('automation', data.config) : null;
  const attempts = traces.filter((trace) => trace.script_execution?.startsWith('failed_') || trace.script_execution === 'error' || trace.script_execution === 'aborted');
  return (
    <div className={styles.stack}>
      {entity?.state === 'off' && <Banner kind="warn" title={t('why.off')}>{t('why.offText')}</Banner>}
      {entity?.state === 'unavailable' && <Banner kind="error" title={t('why.broken')}>{t('why.brokenText')}</Banner>}
      <Card title={t('why.waits')}>
        {!config ? (
          <Skeleton height={60} />
        ) : (
          <div>
            {asList<Piece>(config.triggers).map((trigger, index) => (
              <TriggerNow key={index} trigger={trigger} />
            ))}
          </div>
        )}
      </Card>
      {config && asList(config.conditions).length > 0 && <ConditionsNow conditions={asList<Piece>(config.conditions)} />}
      <Card title={t('why.attempts')}>
        {attempts.length === 0 ? (
          <p className={styles.quiet}>{t(traces.length === 0 ? 'why.never' : 'why.noneFailed')}</p>
        ) : (
          <ul className={styles.attempts}>
            {attempts.map((trace) => (
              <Attempt key={trace.run_id} trace={trace} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

function TriggerNow({ trigger }: { trigger: Piece }) {
  const { t } = useTranslation('automations');
  const say = useSay();
  const ids = typeof trigger.entity_id === 'string' || Array.isArray(trigger.entity_id) ? idsOf(trigger.entity_id).filter((id) => id.includes('.')) : [];
  return (
    <div className={styles.check}>
      <span>
        <strong>{say.piece('trigger', trigger)}</strong>
        {trigger.enabled === false && <span className={styles.quiet}>{t('off')}</span>}
      </span>
      {ids.map((id) => (
        <StateNow key={id} entityId={id} />
      ))}
    </div>
  );
}

function StateNow({ entityId }: { entityId: string }) {
  const { t } = useTranslation('automations');
  const say = useSay();
  const entity = useEntity(entityId);
  if (!entity) return <Chip tone="danger">{t('why.gone', { id: entityId })}</Chip>;
  return (
    <span className={styles.quiet}>
      <EntityLink entityId={entityId}>{say.entities(entityId)}</EntityLink>: <StateText entityId={entityId} />, {t('why.changed')} <RelativeTime at={entity.lastChanged} />
    </span>
  );
}

function ConditionsNow({ conditions }: { conditions: readonly Piece[] }) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const say = useSay();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<readonly Tried[] | null>(null);
  const key = JSON.stringify(conditions);
  useEffect(() => {
    let wanted = true;
    void Promise.all((JSON.parse(key) as Piece[]).map((condition) => testCondition(session, condition))).then((results) => wanted && setFound(results));
    return () => {
      wanted = false;
    };
  }, [session, key, turn]);
  return (
    <Card title={t('why.conditions')} actions={<Button small icon={mdiFlaskOutline} onPress={() => setTurn(turn + 1)}>{t('why.testAgain')}</Button>}>
      {conditions.map((condition, index) => {
        const tried = found?.[index];
        return (
          <div key={index} className={styles.check}>
            <span>
              <strong>{say.piece('condition', condition)}</strong>
              {tried?.text && <span className={styles.quiet}>{tried.text}</span>}
            </span>
            {tried && <Chip tone={tried.is === 'true' ? 'ok' : tried.is === 'error' ? 'danger' : 'warn'}>{t(`tried.${tried.is}`)}</Chip>}
          </div>
        );
      })}
    </Card>
  );
}

function Attempt({ trace }: { trace: ShortTrace }) {
  const { t } = useTranslation('automations');
  const say = useSay();
  const trigger = useTriggerWords();
  const { data } = useCommand<Trace>('trace/get', { domain: trace.domain, item_id: trace.item_id, run_id: trace.run_id });
  const condition = data ? falseCondition(data) : null;
  return (
    <li className={styles.attempt}>
      <span className={styles.attemptHead}>
        <RelativeTime at={trace.timestamp.start} />
        {trace.trigger && <span className={styles.quiet}>{trigger(trace.trigger)}</span>}
        <RunLink trace={trace} />
      </span>
      {trace.error && <span className={styles.false}>{trace.error}</span>}
      {condition && (
        <span>
          {t('why.condition', { number: condition.index + 1 })} <strong>{condition.piece ? say.piece('condition', condition.piece) : ''}</strong>{' '}
          {condition.seen.map((step, index) => (
            <Seen key={index} step={step} />
          ))}
        </span>
      )}
    </li>
  );
}
