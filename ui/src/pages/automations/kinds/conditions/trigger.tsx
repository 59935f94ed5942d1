import { mdiRayStartArrow } from '@mdi/js';
import { TriggerIdForm } from '../../editor/forms/TriggerIdForm';
import { asList } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiRayStartArrow,
  group: 'blocks',
  make: () => ({ condition: 'trigger', id: [] }),
  Form: TriggerIdForm,
  keys: ['id'],
  summary: (piece, say) => (asList(piece.id).length ? say.t('conditions.trigger.says', { id: say.list(asList(piece.id).map(String), 'or') }) : ''),
};
