/** Why a state is as it is: the chain of causes, the newest first, each step one line with what it leads to. */

import { mdiAccountOutline, mdiClockOutline, mdiHelpCircleOutline, mdiHomeOutline, mdiPlayCircleOutline, mdiRobotOutline, mdiScriptTextOutline, mdiToggleSwitchOutline, mdiWaves } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useEntity } from '@/data/hooks';
import { useStateWords, useTitles } from '@/data/words';
import { Banner } from './Banner';
import { Button } from './Button';
import { EntityLink } from './EntityLink';
import { Icon } from './Icon';
import { RelativeTime } from './RelativeTime';
import { Skeleton } from './Skeleton';
import { useTriggerWords } from './triggerWords';
import { type Step, useWhy, userWords } from './whyChain';
import styles from './Why.module.css';

const ICONS: Record<Step['kind'], string> = {
  state: mdiToggleSwitchOutline, call: mdiPlayCircleOutline, run: mdiRobotOutline, device: mdiWaves, user: mdiAccountOutline, trigger: mdiClockOutline,
  home: mdiHomeOutline, unknown: mdiHelpCircleOutline,
};

/** Of an entity, or of a context. Asked again when the entity changes. */
export function Why({ entityId, contextId }: { entityId?: string; contextId?: string }) {
  const { t } = useTranslation('why');
  const { data, error, reload } = useWhy(entityId, contextId);
  if (error && !data) return <Banner kind="warn" title={t('failed')} actions={<Button small onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>;
  if (!data) return <Skeleton height={120} />;
  return <Chain steps={data.steps} />;
}

/** The steps one below the other. */
export function Chain({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation('why');
  return (
    <ol className={styles.chain}>
      {steps.map((step, index) => (
        <li key={index} className={index === steps.length - 1 && step.kind !== 'unknown' ? styles.first : ''}>
          <span className={styles.dot}>
            <Icon path={step.kind === 'run' && step.entity_id?.startsWith('script.') ? mdiScriptTextOutline : ICONS[step.kind]} size={20} />
          </span>
          <div className={styles.step}>
            <Words step={step} />
            {step.time !== undefined && <span className={styles.when}><RelativeTime at={step.time * 1000} /></span>}
            {index === steps.length - 1 && step.kind !== 'unknown' && <span className="visually-hidden">{t('began')}</span>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StateWords({ step }: { step: Step }) {
  const { t } = useTranslation('why');
  const entity = useEntity(step.entity_id);
  const words = useStateWords();
  const word = (state: string) => (entity ? words(entity, state) : state);
  const name = step.name ?? step.entity_id ?? '';
  const text = step.from == null ? t('state', { name, to: word(step.to ?? '') }) : t('stateFrom', { name, from: word(step.from), to: word(step.to ?? '') });
  return <strong>{entity && step.entity_id ? <EntityLink quiet entityId={step.entity_id}>{text}</EntityLink> : text}</strong>;
}

function Words({ step }: { step: Step }) {
  const { t } = useTranslation('why');
  const title = useTitles();
  const trigger = useTriggerWords();
  switch (step.kind) {
    case 'state':
      return <StateWords step={step} />;
    case 'call':
      return <span>{t('call', { action: `${step.domain}.${step.service}` })}</span>;
    case 'run': {
      const kind = step.entity_id?.startsWith('script.') ? 'script' : 'automation';
      return (
        <>
          <span>{t(kind, { name: step.name })}</span>
          {step.source && <span className={styles.more}>{t('triggeredBy', { source: trigger(step.source) })}</span>}
          {step.trace && (
            <Link className={styles.more} href={`/${kind}s/trace/${encodeURIComponent(step.trace.item_id)}/${encodeURIComponent(step.trace.run_id)}`}>
              {t('trace')}
            </Link>
          )}
        </>
      );
    }
    case 'device':
      return (
        <>
          <span>{step.device ? t('device', { name: step.device }) : t('deviceUnknown')}</span>
          {step.topic ? (
            <span className={styles.more}>
              {t('deviceOn')} <code>{step.topic}</code>
            </span>
          ) : (
            step.owner && <span className={styles.more}>{t('through', { owner: title(step.owner) })}</span>
          )}
        </>
      );
    case 'user':
      return <span>{userWords(step, t)}</span>;
    case 'trigger':
      return <span>{t('trigger', { source: trigger(step.source ?? '') })}</span>;
    case 'home':
      return <span>{step.owner ? t('homeOf', { owner: title(step.owner) }) : t('home')}</span>;
    default:
      return <span>{t('unknown')}</span>;
  }
}
