import { mdiMapMarkerRadius } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiMapMarkerRadius,
  group: 'states',
  make: () => ({ trigger: 'zone', entity_id: '', zone: 'zone.home', event: 'enter' }),
  fields: [
    { name: 'entity_id', required: true, selector: { entity: { multiple: true, domain: ['person', 'device_tracker'] } } },
    { name: 'event', selector: { select: { options: ['enter', 'leave'] } } },
    { name: 'zone', required: true, selector: { entity: { domain: ['zone'] } } },
  ],
  summary: (piece, say) => {
    const who = say.entities(piece.entity_id, 'or');
    return who ? say.t(`triggers.zone.says.${piece.event === 'leave' ? 'leave' : 'enter'}`, { who, zone: say.entities(piece.zone) }) : '';
  },
};
