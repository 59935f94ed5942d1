import { mdiTimerAlert } from '@mdi/js';
import { WaitForTriggerForm } from '../../editor/forms/WaitForTriggerForm';
import { asList, type Piece } from '../../model/types';
import type { Kind } from '../kind';

export const kind: Kind = {
  icon: mdiTimerAlert,
  group: 'wait',
  order: 1,
  make: () => ({ wait_for_trigger: [] }),
  Form: WaitForTriggerForm,
  keys: ['wait_for_trigger', 'timeout', 'continue_on_timeout'],
  summary: (piece, say) => {
    const triggers = asList<Piece>(piece.wait_for_trigger);
    return triggers.length ? say.t('actions.wait_for_trigger.says', { what: say.list(triggers.map((each) => say.piece('trigger', each)), 'or') }) : '';
  },
};
