import { mdiSourceBranch } from '@mdi/js';
import { ChooseForm } from '../../editor/forms/ChooseForm';
import { asList } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiSourceBranch,
  group: 'blocks',
  order: 1,
  make: () => ({ choose: [{ conditions: [], sequence: [] }] }),
  Form: ChooseForm,
  keys: ['choose', 'default'],
  summary: (piece, say) => say.t('actions.choose.says', { count: asList(piece.choose).length }),
};
