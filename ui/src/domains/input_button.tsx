import type { Entity } from '@/data/types';
import { PressControl } from './_controls/PressControl';

export default function ButtonControls({ entity }: { entity: Entity }) {
  return <PressControl entity={entity} />;
}
