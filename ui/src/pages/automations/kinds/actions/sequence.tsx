import { mdiFormatListNumbered } from '@mdi/js';
import { ListForm } from '../../editor/forms/ListForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiFormatListNumbered,
  group: 'blocks',
  make: () => ({ sequence: [] }),
  Form: (props) => <ListForm {...props} name="sequence" />,
  keys: ['sequence'],
  summary: (piece, say) => {
    const inside = asList<Piece>(piece.sequence);
    return inside.length ? say.t('actions.sequence.says', { inside: say.list(inside.map((each) => say.piece('action', each))) }) : '';
  },
};
