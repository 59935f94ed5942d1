import { mdiBellOutline } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiBellOutline,
  group: 'signals',
  make: () => ({ trigger: 'persistent_notification', update_type: ['added'] }),
  fields: [
    { name: 'update_type', selector: { select: { multiple: true, options: ['added', 'removed', 'updated', 'current'] } } },
    { name: 'notification_id', hint: true, selector: { text: {} } },
  ],
  summary: (piece, say) => say.t('triggers.persistent_notification.says', { id: piece.notification_id ? say.value(piece.notification_id) : '' }),
};
