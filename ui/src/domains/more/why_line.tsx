import { lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';
import type { Entity } from '@/data/types';

const component = lazy(async () => {
  const { WhyLine } = await import('@/components/WhyLine');
  return { default: ({ entity }: { entity: Entity }) => <WhyLine entityId={entity.entity_id} /> };
});

/** The cause in a line at once, wherever one came from. */
export const part: MoreInfoPart = { order: 5, fits: () => true, component };
