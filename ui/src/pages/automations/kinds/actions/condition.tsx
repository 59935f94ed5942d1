import { mdiFilterOutline } from '@mdi/js';
import type { Kind } from '../kind';

/** Adds a condition among the actions; what is added is edited by its own kind of condition. */
export const kind: Kind = {
  icon: mdiFilterOutline,
  group: 'blocks',
  order: 2,
  make: () => ({ condition: 'state', entity_id: '', state: [] }),
  summary: (piece, say) => say.piece('condition', piece),
};
