import type { Entity } from '@/data/types';
import { Moving } from './_controls/Moving';

const VALVE = { open: 'open_valve', close: 'close_valve', stop: 'stop_valve', position: 'set_valve_position', bits: { open: 1, close: 2, position: 4, stop: 8 } };

export default function ValveControls({ entity }: { entity: Entity }) {
  return <Moving entity={entity} kind={VALVE} />;
}
