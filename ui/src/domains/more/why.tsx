import { type ComponentType, lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';
import type { Entity } from '@/data/types';

type Why = ComponentType<{ entityId: string }>;
/** The chain of causes is shown where the interface has it. */
const [load] = Object.values(import.meta.glob<{ Why?: Why; default?: Why }>('../../components/Why.tsx'));

const component = lazy(async (): Promise<{ default: ComponentType<{ entity: Entity }> }> => {
  const found = await load?.();
  const Shown = found?.Why ?? found?.default;
  return { default: ({ entity }) => (Shown ? <Shown entityId={entity.entity_id} /> : null) };
});

export const part: MoreInfoPart = { order: 40, tab: 'why', fits: () => load !== undefined, component };
