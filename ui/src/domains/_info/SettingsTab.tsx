import type { Entity } from '@/data/types';
import { Settings } from './Settings';

export default function SettingsTab({ entity }: { entity: Entity }) {
  return <Settings key={entity.entity_id} entityId={entity.entity_id} />;
}
