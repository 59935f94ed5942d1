import { mdiClockOutline } from '@mdi/js';
import { TimesForm } from '../../editor/forms/TimesForm';
import { asList, isRecord } from '../../model/types';
import type { Kind } from '../kind';
import { weekdayWords } from '../weekdays';

export const kind: Kind = {
  icon: mdiClockOutline,
  group: 'time',
  order: 0,
  make: () => ({ trigger: 'time', at: '08:00:00' }),
  Form: TimesForm,
  keys: ['at', 'weekday'],
  summary: (piece, say) => {
    const at = asList(piece.at).map((each) => {
      if (isRecord(each)) return say.entities(each.entity_id);
      const text = String(each);
      return /^\d/.test(text) ? text.replace(/^(\d{1,2}:\d{2}):00$/, '$1') : say.entities(text);
    });
    if (at.length === 0) return '';
    const text = say.t('triggers.time.says', { time: say.list(at, 'or') });
    return piece.weekday === undefined ? text : `${text}, ${weekdayWords(piece.weekday, say)}`;
  },
};
