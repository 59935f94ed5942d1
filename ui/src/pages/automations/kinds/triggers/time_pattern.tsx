import { mdiTimerSyncOutline } from '@mdi/js';
import type { Kind } from '../kind';

const part = (name: string, max: number) => ({ name, selector: { text: {} }, hint: name === 'hours' && max > 0 });

export const kind: Kind = {
  icon: mdiTimerSyncOutline,
  group: 'time',
  make: () => ({ trigger: 'time_pattern', minutes: '/5' }),
  fields: [part('hours', 23), part('minutes', 59), part('seconds', 59)],
  summary: (piece, { t }) => {
    const parts = (['hours', 'minutes', 'seconds'] as const).filter((key) => piece[key] !== undefined);
    const first = parts[0];
    const step = /^\/(\d+)$/.exec(String(piece[first ?? 'hours'] ?? ''))?.[1];
    if (parts.length === 1 && first && step) return t(`triggers.time_pattern.every.${first}`, { count: Number(step) });
    return t('triggers.time_pattern.says', { pattern: (['hours', 'minutes', 'seconds'] as const).map((key) => String((piece[key] as string | undefined) ?? '*')).join(':') });
  },
};
