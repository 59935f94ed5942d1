import { mdiStateMachine } from '@mdi/js';
import { StateForm } from '../../editor/forms/StateForm';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiStateMachine,
  group: 'states',
  order: 0,
  make: () => ({ trigger: 'state', entity_id: [] }),
  Form: (props) => <StateForm {...props} states={['from', 'to']} />,
  keys: ['entity_id', 'attribute', 'from', 'to', 'for'],
  fits: (piece) => !('not_from' in piece) && !('not_to' in piece),
  summary: (piece, { t, entities, state, states, duration }) => {
    const who = entities(piece.entity_id, 'or');
    if (!who) return '';
    const words = (value: unknown) => (piece.attribute ? state(undefined, value) : states(piece.entity_id, value));
    const how = piece.to !== undefined && piece.to !== null ? (piece.from == null ? 'to' : 'fromTo') : piece.from == null ? 'any' : 'from';
    const text = t(`triggers.state.says.${how}`, { who, from: words(piece.from), to: words(piece.to) });
    const named = piece.attribute ? t('triggers.state.says.attribute', { text, attribute: state(undefined, piece.attribute) }) : text;
    return piece.for === undefined ? named : t('says.for', { text: named, time: duration(piece.for) });
  },
};
