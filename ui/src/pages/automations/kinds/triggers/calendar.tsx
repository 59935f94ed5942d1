import { mdiCalendarClock } from '@mdi/js';
import { CalendarForm } from '../../editor/forms/CalendarForm';
import { secondsOf } from '../say';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiCalendarClock,
  group: 'time',
  make: () => ({ trigger: 'calendar', entity_id: '', event: 'start' }),
  Form: CalendarForm,
  keys: ['entity_id', 'event', 'offset'],
  summary: (piece, say) => {
    if (!piece.entity_id) return '';
    const text = say.t(`triggers.calendar.says.${piece.event === 'end' ? 'end' : 'start'}`, { name: say.entities(piece.entity_id) });
    const seconds = piece.offset === undefined ? 0 : secondsOf(piece.offset);
    return seconds ? `${text} (${say.t(seconds < 0 ? 'triggers.calendar.before' : 'triggers.calendar.after', { time: say.duration(Math.abs(seconds)) })})` : text;
  },
};
