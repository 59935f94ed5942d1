import { mdiTimerAlertOutline } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiTimerAlertOutline,
  group: 'wait',
  make: () => ({ wait_template: '' }),
  fields: [
    { name: 'wait_template', required: true, hint: true, selector: { template: {} } },
    { name: 'timeout', hint: true, selector: { duration: {} } },
    { name: 'continue_on_timeout', selector: { boolean: {} }, when: (piece) => piece.timeout !== undefined },
  ],
  summary: (piece, say) => (piece.wait_template ? say.t('actions.wait_template.says', { text: say.value(piece.wait_template) }) : ''),
};
