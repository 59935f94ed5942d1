import { mdiStateMachine } from '@mdi/js';
import { StateForm } from '../../editor/forms/StateForm';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiStateMachine,
  group: 'states',
  order: 0,
  make: () => ({ condition: 'state', entity_id: '', state: [] }),
  Form: (props) => <StateForm {...props} states={['state']} />,
  keys: ['entity_id', 'attribute', 'state', 'for', 'match'],
  summary: (piece, say) => {
    const who = say.entities(piece.entity_id, piece.match === 'any' ? 'or' : 'and');
    if (!who) return '';
    const what = piece.attribute ? say.states(undefined, piece.state) : say.states(piece.entity_id, piece.state);
    const text = piece.attribute
      ? say.t('conditions.state.saysAttribute', { who, attribute: say.state(undefined, piece.attribute), what })
      : say.t('conditions.state.says', { who, what });
    return piece.for === undefined ? text : say.t('says.for', { text, time: say.duration(piece.for) });
  },
};
