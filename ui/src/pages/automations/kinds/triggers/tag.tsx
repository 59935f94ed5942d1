import { mdiNfcVariant } from '@mdi/js';
import { asList } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiNfcVariant,
  group: 'signals',
  make: () => ({ trigger: 'tag', tag_id: '' }),
  fields: [
    { name: 'tag_id', required: true, selector: { text: {} } },
    { name: 'device_id', hint: true, selector: { device: { multiple: true } } },
  ],
  summary: (piece, say) => (asList(piece.tag_id).some(Boolean) ? say.t('triggers.tag.says', { tag: say.list(asList(piece.tag_id).map(String), 'or') }) : ''),
};
