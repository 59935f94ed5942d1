import { mdiBullseyeArrow, mdiHomeImportOutline, mdiMapMarkerRadiusOutline, mdiPause, mdiPlay, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useAttributeWords } from '@/data/words';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { Choices, Facts, Row, Stack, Tile } from './_controls/parts';

const BIT = { pause: 4, stop: 8, dock: 16, speed: 32, locate: 512, spot: 1024, start: 8192 };

export default function VacuumControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useAttributeWords();
  const { act, shown, gone } = useControl(entity);
  const state = shown('state', entity.state);
  const cleaning = state === 'cleaning';
  return (
    <Stack>
      <Row>
        {has(entity, BIT.start) && !(cleaning && has(entity, BIT.pause)) && <Tile kind="strong" icon={mdiPlay} label={state === 'paused' ? t('goOn') : t('vacuum.start')} disabled={gone || cleaning} onPress={() => void act('start', {}, { state: 'cleaning' })} />}
        {has(entity, BIT.pause) && cleaning && <Tile kind="strong" icon={mdiPause} label={t('pause')} disabled={gone} onPress={() => void act('pause', {}, { state: 'paused' })} />}
        {has(entity, BIT.stop) && <Tile icon={mdiStop} label={t('stop')} disabled={gone || state === 'docked' || state === 'idle'} onPress={() => void act('stop', {}, { state: 'idle' })} />}
        {has(entity, BIT.dock) && <Tile icon={mdiHomeImportOutline} label={t('toDock')} disabled={gone || state === 'docked' || state === 'returning'} onPress={() => void act('return_to_base', {}, { state: 'returning' })} />}
        {has(entity, BIT.spot) && <Tile icon={mdiBullseyeArrow} label={t('vacuum.spot')} disabled={gone} onPress={() => void act('clean_spot')} />}
        {has(entity, BIT.locate) && <Tile icon={mdiMapMarkerRadiusOutline} label={t('vacuum.locate')} disabled={gone} onPress={() => void act('locate')} />}
      </Row>
      {has(entity, BIT.speed) && (
        <Choices label={words.name(entity, 'fan_speed')} choices={listOf(entity, 'fan_speed_list').map((each) => ({ value: each, label: words.value(entity, 'fan_speed', each) }))} value={shown('speed', textOf(entity, 'fan_speed'))} disabled={gone}
          onChange={(speed) => void act('set_fan_speed', { fan_speed: speed }, { speed })} />
      )}
      <Facts facts={[[t('battery'), numberOf(entity, 'battery_level') === null ? null : `${numberOf(entity, 'battery_level')} %`]]} />
    </Stack>
  );
}
