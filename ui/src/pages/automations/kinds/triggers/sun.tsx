import { mdiWeatherSunset } from '@mdi/js';
import { SunTriggerForm } from '../../editor/forms/SunForms';
import type { Kind } from '../kind';
import { sunWords } from '../sunWords';

export const kind: Kind = {
  icon: mdiWeatherSunset,
  group: 'time',
  order: 1,
  make: () => ({ trigger: 'sun', event: 'sunset' }),
  Form: SunTriggerForm,
  keys: ['event', 'offset'],
  summary: (piece, say) => sunWords(piece.event, piece.offset, say),
};
