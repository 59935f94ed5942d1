import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useControl } from './_controls/control';
import { Draft } from './_controls/Draft';
import { Stack } from './_controls/parts';

/** Its state is the home's wall clock: `2026-01-31 07:30:00`, or one half of it. */
export default function InputDatetimeControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const needed = (text: string) => (text ? null : t('needed'));
  const { has_date: hasDate, has_time: hasTime } = entity.attributes;
  if (hasDate && hasTime) {
    return (
      <Draft type="datetime-local" label={t('datetime')} value={entity.state.replace(' ', 'T').slice(0, 16)} disabled={gone} check={needed}
        onSave={(text) => act('set_datetime', { datetime: `${text.replace('T', ' ')}:00` })} />
    );
  }
  return (
    <Stack>
      {hasTime === true && <Draft type="time" label={t('time')} value={entity.state.slice(0, 5)} disabled={gone} check={needed} onSave={(text) => act('set_datetime', { time: `${text}:00` })} />}
      {hasDate === true && <Draft type="date" label={t('date')} value={entity.state} disabled={gone} check={needed} onSave={(date) => act('set_datetime', { date })} />}
    </Stack>
  );
}
