/** What the controls of all domains share: calling services with the wished value shown at once, and reading attributes. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { useCall } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import type { Entity } from '@/data/types';
import { domainOf } from '@/data/words';

/** How long a wish is shown before what is comes back. */
const PATIENCE_MS = 4000;

export interface Control {
  /** Call a service of the entity's domain (or another) on it. `expected`: what is shown until it answers. */
  act: (service: string, data?: Record<string, unknown>, expected?: Record<string, unknown>, domain?: string) => Promise<boolean>;
  /** The value that is wished for under this name, else `current`. */
  shown: <T>(name: string, current: T) => T;
  /** Nothing can be asked of it: it is away, or the user may only look. */
  gone: boolean;
}

/** A wish holds until the entity says something new, the server refuses, or patience ends. */
export function useControl(entity: Entity): Control {
  const call = useCall();
  const mayControl = useMayControl();
  const [wish, setWish] = useState<{ from: Entity; values: Record<string, unknown> } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const act = useCallback<Control['act']>(
    async (service, data = {}, expected, domain) => {
      if (expected) {
        setWish({ from: entity, values: expected });
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setWish(null), PATIENCE_MS);
      }
      const worked = await call(domain ?? domainOf(entity.entity_id), service, data, { entity_id: entity.entity_id });
      if (!worked) setWish(null);
      return worked;
    },
    [call, entity],
  );
  const shown = <T,>(name: string, current: T): T => (wish && wish.from === entity && name in wish.values ? (wish.values[name] as T) : current);
  return { act, shown, gone: entity.state === 'unavailable' || !mayControl };
}

/** Whether one of these bits of `supported_features` is set. */
export const has = (entity: Entity, bits: number): boolean => (Number(entity.attributes.supported_features ?? 0) & bits) !== 0;

/** A number among the attributes; null: there is none. */
export function numberOf(entity: Entity, attribute: string): number | null {
  const value = entity.attributes[attribute];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textOf(entity: Entity, attribute: string): string | null {
  const value = entity.attributes[attribute];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function listOf(entity: Entity, attribute: string): string[] {
  const value = entity.attributes[attribute];
  return Array.isArray(value) ? value.map(String) : [];
}
