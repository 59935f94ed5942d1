import { mdiNumeric } from '@mdi/js';
import { NumericForm } from '../../editor/forms/NumericForm';
import type { Kind } from '../kind';
import { limitWords } from '../limits';

export const kind: Kind = {
  icon: mdiNumeric,
  group: 'states',
  order: 1,
  make: () => ({ condition: 'numeric_state', entity_id: '' }),
  Form: NumericForm,
  keys: ['entity_id', 'attribute', 'above', 'below', 'value_template'],
  summary: (piece, say) => {
    const who = say.entities(piece.entity_id);
    return who ? say.t('conditions.numeric_state.says', { who, limits: limitWords(piece, say) }) : '';
  },
};
