import { mdiAccessPointNetwork } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiAccessPointNetwork,
  group: 'signals',
  make: () => ({ trigger: 'mqtt', topic: '' }),
  fields: [
    { name: 'topic', required: true, hint: true, selector: { text: {} } },
    { name: 'payload', hint: true, selector: { text: {} } },
    { name: 'value_template', hint: true, selector: { template: {} }, when: (piece) => 'value_template' in piece || 'payload' in piece },
    { name: 'qos', selector: { number: { min: 0, max: 2, mode: 'box' } }, when: (piece) => 'qos' in piece },
    { name: 'encoding', selector: { text: {} }, when: (piece) => 'encoding' in piece },
  ],
  summary: (piece, say) => {
    if (!piece.topic) return '';
    return piece.payload === undefined
      ? say.t('triggers.mqtt.says', { topic: String(piece.topic) })
      : say.t('triggers.mqtt.saysPayload', { topic: String(piece.topic), payload: say.value(piece.payload) });
  },
};
