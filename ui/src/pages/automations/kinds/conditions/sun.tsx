import { mdiWeatherSunset } from '@mdi/js';
import { SunConditionForm } from '../../editor/forms/SunForms';
import type { Kind } from '../kind';
import { sunWords } from '../sunWords';

export const kind: Kind = {
  icon: mdiWeatherSunset,
  group: 'time',
  order: 1,
  make: () => ({ condition: 'sun', after: 'sunset' }),
  Form: SunConditionForm,
  keys: ['after', 'after_offset', 'before', 'before_offset'],
  summary: (piece, say) =>
    say.list(
      (['after', 'before'] as const)
        .filter((side) => piece[side] !== undefined)
        .map((side) => say.t(`conditions.sun.says.${side}`, { event: sunWords(piece[side], piece[`${side}_offset`], say) })),
    ),
};
