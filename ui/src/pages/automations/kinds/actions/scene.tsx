import { mdiPalette } from '@mdi/js';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiPalette,
  group: 'do',
  order: 2,
  make: () => ({ scene: '' }),
  fields: [{ name: 'scene', required: true, selector: { entity: { domain: ['scene'] } } }],
  summary: (piece, say) => (piece.scene ? say.t('actions.scene.says', { name: say.entities(piece.scene) }) : ''),
};
