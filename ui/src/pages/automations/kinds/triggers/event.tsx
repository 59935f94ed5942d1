import { mdiGestureTap } from '@mdi/js';
import { asList } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiGestureTap,
  group: 'signals',
  make: () => ({ trigger: 'event', event_type: '' }),
  fields: [
    { name: 'event_type', required: true, hint: true, selector: { text: {} } },
    { name: 'event_data', hint: true, selector: { object: {} } },
    { name: 'context', hint: true, selector: { object: {} }, when: (piece) => 'context' in piece },
  ],
  summary: (piece, say) => (piece.event_type ? say.t('triggers.event.says', { name: say.list(asList(piece.event_type).map(String), 'or') }) : ''),
};
