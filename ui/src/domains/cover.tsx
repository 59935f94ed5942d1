import type { Entity } from '@/data/types';
import { Moving } from './_controls/Moving';

const COVER = { open: 'open_cover', close: 'close_cover', stop: 'stop_cover', position: 'set_cover_position', bits: { open: 1, close: 2, position: 4, stop: 8 } };

export default function CoverControls({ entity }: { entity: Entity }) {
  return <Moving entity={entity} kind={COVER} />;
}
