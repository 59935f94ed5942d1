import { mdiShuffleDisabled } from '@mdi/js';
import { ListForm } from '../../editor/forms/ListForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiShuffleDisabled,
  group: 'blocks',
  make: () => ({ parallel: [] }),
  Form: (props) => <ListForm {...props} name="parallel" />,
  keys: ['parallel'],
  summary: (piece, say) => {
    const inside = asList<Piece>(piece.parallel);
    return inside.length ? say.t('actions.parallel.says', { inside: say.list(inside.map((each) => say.piece('action', each))) }) : '';
  },
};
