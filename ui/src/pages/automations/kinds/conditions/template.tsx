import { mdiCodeBraces } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiCodeBraces,
  group: 'signals',
  make: () => ({ condition: 'template', value_template: '' }),
  fields: [{ name: 'value_template', required: true, hint: true, selector: { template: {} } }],
  summary: (piece, say) => (piece.value_template ? say.t('says.template', { text: say.value(piece.value_template) }) : ''),
};
