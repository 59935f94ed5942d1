import { useState } from 'react';
import { mdiBullhorn } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { NumberField, Slider } from '@/components/fields';
import type { Entity } from '@/data/types';
import { has, useControl } from './_controls/control';
import { Choices, Fields, Power, Stack } from './_controls/parts';

const TONES = 4;
const VOLUME = 8;
const DURATION = 16;

export default function SirenControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const [tone, setTone] = useState<string | null>(null);
  const [volume, setVolume] = useState<number | null>(null);
  const [duration, setDuration] = useState<number | null>(null);
  const given = entity.attributes.available_tones;
  const tones = Array.isArray(given) ? given.map((each) => [String(each), String(each)]) : Object.entries((given ?? {}) as Record<string, string>);
  const how = { ...(tone ? { tone } : {}), ...(volume === null ? {} : { volume_level: volume / 100 }), ...(duration ? { duration } : {}) };
  return (
    <Stack>
      <Power on={shown('on', entity.state === 'on')} icon={mdiBullhorn} disabled={gone} onChange={(on) => void act(on ? 'turn_on' : 'turn_off', on ? how : {}, { on })} />
      {has(entity, VOLUME) && <Slider large label={t('siren.volume')} value={volume ?? 100} disabled={gone} format={(value) => `${Math.round(value)} %`} onChange={setVolume} />}
      <Fields>
        {has(entity, TONES) && tones.length > 0 && <Choices most={0} label={t('siren.tone')} choices={tones.map(([value, label]) => ({ value: value!, label: label! }))} value={tone} disabled={gone} onChange={setTone} />}
        {has(entity, DURATION) && <NumberField label={t('siren.duration')} min={1} step={1} unit="s" value={duration} disabled={gone} onChange={setDuration} />}
      </Fields>
    </Stack>
  );
}
