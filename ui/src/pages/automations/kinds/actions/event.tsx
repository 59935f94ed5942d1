import { mdiBullhornOutline } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiBullhornOutline,
  group: 'signals',
  make: () => ({ event: '' }),
  fields: [
    { name: 'event', required: true, hint: true, selector: { text: {} } },
    { name: 'event_data', selector: { object: {} } },
  ],
  summary: (piece, say) => (piece.event ? say.t('actions.event.says', { name: say.value(piece.event) }) : ''),
};
