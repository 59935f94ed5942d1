import { mdiExclamationThick } from '@mdi/js';
import { ConditionsForm } from '../../editor/forms/ConditionsForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiExclamationThick,
  group: 'blocks',
  make: () => ({ condition: 'not', conditions: [] }),
  Form: ConditionsForm,
  keys: ['conditions'],
  summary: (piece, say) => {
    const inside = asList<Piece>(piece.conditions);
    return inside.length ? say.t('conditions.not.says', { inside: inside.map((each) => say.piece('condition', each)).slice(0, 3).join(say.t('conditions.not.joint')) }) : '';
  },
};
