import { mdiRepeat } from '@mdi/js';
import { RepeatForm } from '../../editor/forms/RepeatForm';
import { asList, isRecord, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiRepeat,
  group: 'blocks',
  order: 3,
  make: () => ({ repeat: { count: 3, sequence: [] } }),
  Form: RepeatForm,
  keys: ['repeat'],
  fits: (piece) => isRecord(piece.repeat),
  summary: (piece, say) => {
    const repeat = isRecord(piece.repeat) ? piece.repeat : {};
    if ('count' in repeat) return say.t('actions.repeat.says.count', { count: Number(repeat.count) || 0, times: say.value(repeat.count) });
    if ('for_each' in repeat) return say.t('actions.repeat.says.for_each');
    const way = 'while' in repeat ? 'while' : 'until';
    return say.t(`actions.repeat.says.${way}`, { what: say.list(asList<Piece>(repeat[way]).map((each) => say.piece('condition', each))) });
  },
};
