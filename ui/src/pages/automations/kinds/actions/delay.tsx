import { mdiTimerSand } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiTimerSand,
  group: 'wait',
  order: 0,
  make: () => ({ delay: { hours: 0, minutes: 1, seconds: 0 } }),
  fields: [{ name: 'delay', required: true, selector: { duration: {} } }],
  summary: (piece, say) => say.t('actions.delay.says', { time: say.duration(piece.delay) }),
};
