import { useTranslation } from 'react-i18next';
import { Chip } from '@/components';
import { seconds } from './format';
import type { ActorState } from './types';

const TONES: Record<ActorState, 'ok' | 'warn' | 'danger' | 'info' | 'plain'> = {
  running: 'ok', starting: 'info', paused: 'warn', restarting: 'warn', failed: 'danger', stopped: 'plain', stopping: 'plain', killed: 'danger',
  gone: 'plain', deadlocked: 'danger',
};

/** An actor's state in a word; of one that waits for its restart, when that is. */
export function StateChip({ row }: { row: { state: ActorState; countdown_s?: number } }) {
  const { t, i18n } = useTranslation('console');
  const word = t(`state.${row.state}`);
  return (
    <Chip tone={TONES[row.state] ?? 'plain'}>
      {row.countdown_s === undefined ? word : t('state.in', { state: word, time: seconds(row.countdown_s, i18n.language) })}
    </Chip>
  );
}
