import { mdiCallSplit } from '@mdi/js';
import { IfForm } from '../../editor/forms/IfForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiCallSplit,
  group: 'blocks',
  order: 0,
  make: () => ({ if: [], then: [] }),
  Form: IfForm,
  keys: ['if', 'then', 'else'],
  summary: (piece, say) => {
    const conditions = asList<Piece>(piece.if);
    return conditions.length ? say.t('actions.if.says', { what: say.list(conditions.map((each) => say.piece('condition', each))) }) : '';
  },
};
