import { mdiGateOr } from '@mdi/js';
import { ConditionsForm } from '../../editor/forms/ConditionsForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiGateOr,
  group: 'blocks',
  make: () => ({ condition: 'or', conditions: [] }),
  Form: ConditionsForm,
  keys: ['conditions'],
  summary: (piece, say) => {
    const inside = asList<Piece>(piece.conditions);
    return inside.length ? say.t('conditions.or.says', { inside: inside.map((each) => say.piece('condition', each)).slice(0, 3).join(say.t('conditions.or.joint')) }) : '';
  },
};
