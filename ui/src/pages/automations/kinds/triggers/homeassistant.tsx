import { mdiPower } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiPower,
  group: 'signals',
  make: () => ({ trigger: 'homeassistant', event: 'start' }),
  fields: [{ name: 'event', selector: { select: { options: ['start', 'shutdown'] } } }],
  summary: (piece, say) => say.t(`triggers.homeassistant.says.${piece.event === 'shutdown' ? 'shutdown' : 'start'}`),
};
