import { mdiMessageReplyTextOutline } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiMessageReplyTextOutline,
  group: 'signals',
  make: () => ({ set_conversation_response: '' }),
  fields: [{ name: 'set_conversation_response', required: true, hint: true, selector: { template: {} } }],
  summary: (piece, say) => (piece.set_conversation_response ? say.t('actions.set_conversation_response.says', { text: say.value(piece.set_conversation_response) }) : ''),
};
