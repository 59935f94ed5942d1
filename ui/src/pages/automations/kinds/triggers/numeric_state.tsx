import { mdiNumeric } from '@mdi/js';
import { NumericForm } from '../../editor/forms/NumericForm';
import type { Kind } from '../kind';
import { limitWords } from '../limits';

export const kind: Kind = {
  icon: mdiNumeric,
  group: 'states',
  order: 1,
  make: () => ({ trigger: 'numeric_state', entity_id: [] }),
  Form: (props) => <NumericForm {...props} lasting />,
  keys: ['entity_id', 'attribute', 'above', 'below', 'for', 'value_template'],
  summary: (piece, say) => {
    const who = say.entities(piece.entity_id, 'or');
    if (!who) return '';
    const text = say.t('triggers.numeric_state.says', { who, limits: limitWords(piece, say) });
    return piece.for === undefined ? text : say.t('says.for', { text, time: say.duration(piece.for) });
  },
};
