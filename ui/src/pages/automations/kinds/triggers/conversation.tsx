import { mdiMicrophoneMessage } from '@mdi/js';
import { asList } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiMicrophoneMessage,
  group: 'signals',
  make: () => ({ trigger: 'conversation', command: [] }),
  fields: [{ name: 'command', required: true, hint: true, selector: { text: { multiple: true } } }],
  summary: (piece, say) => (asList(piece.command).length ? say.t('triggers.conversation.says', { words: say.list(asList(piece.command).map((each) => say.t('quoted', { words: String(each) })), 'or') }) : ''),
};
