import { mdiMapMarkerRadius } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiMapMarkerRadius,
  group: 'states',
  make: () => ({ condition: 'zone', entity_id: '', zone: 'zone.home' }),
  fields: [
    { name: 'entity_id', required: true, selector: { entity: { multiple: true, domain: ['person', 'device_tracker'] } } },
    { name: 'zone', required: true, selector: { entity: { multiple: true, domain: ['zone'] } } },
  ],
  summary: (piece, say) => {
    const who = say.entities(piece.entity_id);
    return who ? say.t('conditions.zone.says', { who, zone: say.entities(piece.zone, 'or') }) : '';
  },
};
