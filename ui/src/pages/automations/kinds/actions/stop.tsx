import { mdiStopCircleOutline } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiStopCircleOutline,
  group: 'blocks',
  make: () => ({ stop: '' }),
  fields: [
    { name: 'stop', hint: true, selector: { text: {} } },
    { name: 'error', hint: true, selector: { boolean: {} }, when: (piece) => !('response_variable' in piece) },
    { name: 'response_variable', hint: true, selector: { text: {} }, when: (piece) => !piece.error },
  ],
  summary: (piece, say) => (piece.stop ? say.t(piece.error ? 'actions.stop.saysError' : 'actions.stop.says', { why: say.value(piece.stop) }) : ''),
};
