import { mdiClockOutline } from '@mdi/js';
import { TimeRangeForm } from '../../editor/forms/TimeRangeForm';
import type { Kind } from '../kind';
import { weekdayWords } from '../weekdays';

export const kind: Kind = {
  icon: mdiClockOutline,
  group: 'time',
  order: 0,
  make: () => ({ condition: 'time', after: '08:00:00', before: '20:00:00' }),
  Form: TimeRangeForm,
  keys: ['after', 'before', 'weekday'],
  summary: (piece, say) => {
    const time = (value: unknown) => (/^\d/.test(String(value)) ? String(value).replace(/^(\d{1,2}:\d{2}):00$/, '$1') : say.entities(value));
    const { after, before } = piece;
    const parts = [];
    if (after !== undefined && before !== undefined) parts.push(say.t('conditions.time.says.between', { after: time(after), before: time(before) }));
    else if (after !== undefined) parts.push(say.t('conditions.time.says.after', { after: time(after) }));
    else if (before !== undefined) parts.push(say.t('conditions.time.says.before', { before: time(before) }));
    if (piece.weekday !== undefined) parts.push(weekdayWords(piece.weekday, say));
    return parts.join(', ');
  },
};
