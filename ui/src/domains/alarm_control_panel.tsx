import { useState } from 'react';
import { mdiAirplane, mdiBellRing, mdiHome, mdiLockOpenVariant, mdiMoonWaningCrescent, mdiShieldHome, mdiShieldLock } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/components/Dialog';
import type { Entity } from '@/data/types';
import { nameOf, useStateWords } from '@/data/words';
import { Code } from './_controls/Code';
import { has, textOf, useControl } from './_controls/control';
import { Row, Stack, Tile } from './_controls/parts';

const ARMS = [
  ['armed_home', 'alarm_arm_home', 1, mdiHome],
  ['armed_away', 'alarm_arm_away', 2, mdiShieldLock],
  ['armed_night', 'alarm_arm_night', 4, mdiMoonWaningCrescent],
  ['armed_vacation', 'alarm_arm_vacation', 32, mdiAirplane],
  ['armed_custom_bypass', 'alarm_arm_custom_bypass', 16, mdiShieldHome],
] as const;
const TRIGGER = 8;

export default function AlarmControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useStateWords();
  const { act, gone } = useControl(entity);
  const [code, setCode] = useState('');
  const [asks, setAsks] = useState(false);
  const format = textOf(entity, 'code_format');
  const toArm = entity.attributes.code_arm_required !== false;
  const disarmed = entity.state === 'disarmed';
  const missing = Boolean(format) && code === '';
  const run = async (service: string) => {
    if (await act(service, code ? { code } : {})) setCode('');
  };
  return (
    <Stack>
      {format && (!disarmed || toArm) && <Code format={format} value={code} onChange={setCode} disabled={gone} />}
      <Row>
        {disarmed ? (
          ARMS.filter(([, , bit]) => has(entity, bit)).map(([state, service, , icon]) => (
            <Tile key={service} icon={icon} label={words(entity, state)} disabled={gone || (toArm && missing)} onPress={() => void run(service)} />
          ))
        ) : (
          <Tile kind="strong" icon={mdiLockOpenVariant} label={t('alarm.disarm')} disabled={gone || missing} onPress={() => void run('alarm_disarm')} />
        )}
        {has(entity, TRIGGER) && entity.state !== 'triggered' && <Tile kind="danger" icon={mdiBellRing} label={t('alarm.trigger')} disabled={gone} onPress={() => setAsks(true)} />}
      </Row>
      <ConfirmDialog
        open={asks}
        danger
        title={t('alarm.triggerTitle', { name: nameOf(entity) })}
        text={t('alarm.triggerText')}
        confirm={t('alarm.trigger')}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false);
          void run('alarm_trigger');
        }}
      />
    </Stack>
  );
}
