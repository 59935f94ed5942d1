import { mdiWebhook } from '@mdi/js';
import type { Kind } from '../kind';

/** Nobody should guess it: whoever knows it can set the automation off. */
const secretId = (): string => `marge-${crypto.getRandomValues(new Uint32Array(3)).join('').slice(0, 24)}`;

export const kind: Kind = {
  icon: mdiWebhook,
  group: 'signals',
  make: () => ({ trigger: 'webhook', webhook_id: secretId(), allowed_methods: ['POST', 'PUT'], local_only: true }),
  fields: [
    { name: 'webhook_id', required: true, hint: true, selector: { text: {} } },
    { name: 'allowed_methods', selector: { select: { multiple: true, options: ['GET', 'HEAD', 'POST', 'PUT'] } } },
    { name: 'local_only', hint: true, selector: { boolean: {} } },
  ],
  summary: (piece, say) => (piece.webhook_id ? say.t('triggers.webhook.says', { id: say.value(piece.webhook_id) }) : ''),
};
