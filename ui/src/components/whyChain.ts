/** Why a state is as it is: asking for the chain, and saying it in one line. */

import { useEffect } from 'react';
import type { TFunction } from 'i18next';
import { type Answer as Asked, useCommand, useEntity } from '@/data/hooks';

export interface Step {
  kind: 'state' | 'call' | 'run' | 'device' | 'user' | 'trigger' | 'home' | 'unknown';
  time?: number;
  text: string;
  entity_id?: string;
  name?: string | null;
  from?: string | null;
  to?: string;
  domain?: string;
  service?: string;
  source?: string | null;
  trace?: { run_id: string; domain: string; item_id: string } | null;
  topic?: string | null;
  owner?: string | null;
  device?: string | null;
  device_id?: string | null;
  /** Of a user who is none: whoever has the server's fixed token, or anybody in a home that asks for no log-in. */
  stand_in?: 'token' | 'anybody' | null;
}

interface Chain {
  steps: Step[];
  is_complete: boolean;
}

const SETTLED_MS = 400;

/** The chain of an entity, or of a context; asked for again when the entity changes. */
export function useWhy(entityId?: string, contextId?: string): Asked<Chain> {
  const changed = useEntity(entityId)?.lastChanged;
  const what = contextId ? { context_id: contextId } : { entity_id: entityId };
  const asked = useCommand<Chain>(entityId || contextId ? 'marge/why' : null, what);
  const { reload } = asked;
  useEffect(() => {
    const timer = setTimeout(reload, SETTLED_MS); // its cause is known a moment after the change
    return () => clearTimeout(timer);
  }, [changed, reload]);
  return asked;
}

/** Who it was. */
export function userWords(step: Step, t: TFunction<'why'>): string {
  if (step.name) return t('user', { name: step.name });
  return step.stand_in ? t(`standIn.${step.stand_in}`) : t('userGone');
}

export interface Speaker {
  /** Texts of `why`. */
  t: TFunction<'why'>;
  /** The state that a step led to. */
  word: (step: Step) => string;
  /** Names a part of the home. */
  title: (domain: string) => string;
  /** What set a run off. */
  trigger: (source: string) => string;
}

/** The chain in a line, the nearest cause first: what ran, what that followed from, who or what began. */
export function lineOf(steps: readonly Step[], entityId: string, { t, word, title, trigger }: Speaker): string {
  const said = steps.flatMap((step, index) => {
    switch (step.kind) {
      case 'state':
        return index === 0 || step.entity_id === entityId ? [] : [t('state', { name: step.name ?? step.entity_id ?? '', to: word(step) })];
      case 'call':
        return steps[index + 1]?.kind === 'unknown' || index === steps.length - 1 ? [t('call', { action: `${step.domain}.${step.service}` })] : [];
      case 'run':
        return [t(step.entity_id?.startsWith('script.') ? 'script' : 'automation', { name: step.name })];
      case 'device':
        return [step.device ? t('device', { name: step.device }) : t('deviceUnknown')];
      case 'user':
        return [userWords(step, t)];
      case 'trigger':
        return [t('trigger', { source: trigger(step.source ?? '') })];
      case 'home':
        return [step.owner ? t('homeOf', { owner: title(step.owner) }) : t('home')];
      default:
        return [];
    }
  });
  return said.length ? said.join(' ← ') : t('unknown');
}
