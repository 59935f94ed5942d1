import { useState } from 'react';
import { mdiRemote } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { TextField } from '@/components/fields';
import type { Entity } from '@/data/types';
import { listOf, textOf, useControl } from './_controls/control';
import draft from './_controls/Draft.module.css';
import { Choices, Power, Stack } from './_controls/parts';

export default function RemoteControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const [command, setCommand] = useState('');
  return (
    <Stack>
      <Power on={shown('on', entity.state === 'on')} icon={mdiRemote} disabled={gone} onChange={(on) => void act(on ? 'turn_on' : 'turn_off', {}, { on })} />
      <Choices label={t('remote.activity')} choices={listOf(entity, 'activity_list').map((each) => ({ value: each, label: each }))} value={shown('activity', textOf(entity, 'current_activity'))} disabled={gone}
        onChange={(activity) => void act('turn_on', { activity }, { activity, on: true })} />
      <form
        className={draft.draft}
        onSubmit={(event) => {
          event.preventDefault();
          if (command.trim()) void act('send_command', { command: [command.trim()] });
        }}
      >
        <TextField label={t('remote.command')} value={command} onChange={setCommand} disabled={gone} autoComplete="off" />
        <Button type="submit" isDisabled={gone || !command.trim()}>
          {t('send')}
        </Button>
      </form>
    </Stack>
  );
}
