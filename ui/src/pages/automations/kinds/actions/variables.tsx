import { mdiVariable } from '@mdi/js';
import { isRecord } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiVariable,
  group: 'blocks',
  make: () => ({ variables: {} }),
  fields: [{ name: 'variables', required: true, hint: true, selector: { object: {} } }],
  summary: (piece, say) => {
    const names = isRecord(piece.variables) ? Object.keys(piece.variables) : [];
    return names.length ? say.t('actions.variables.says', { names: say.list(names) }) : '';
  },
};
