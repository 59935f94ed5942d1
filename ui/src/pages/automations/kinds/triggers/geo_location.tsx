import { mdiMapMarkerAlert } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiMapMarkerAlert,
  group: 'signals',
  make: () => ({ trigger: 'geo_location', source: '', zone: 'zone.home', event: 'enter' }),
  fields: [
    { name: 'source', required: true, hint: true, selector: { text: {} } },
    { name: 'event', selector: { select: { options: ['enter', 'leave'] } } },
    { name: 'zone', required: true, selector: { entity: { domain: ['zone'] } } },
  ],
  summary: (piece, say) => (piece.source ? say.t(`triggers.zone.says.${piece.event === 'leave' ? 'leave' : 'enter'}`, { who: String(piece.source), zone: say.entities(piece.zone) }) : ''),
};
