import { mdiHomeImportOutline, mdiPause, mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { has, useControl } from './_controls/control';
import { Row, Tile } from './_controls/parts';

const START = 1;
const PAUSE = 2;
const DOCK = 4;

export default function LawnMowerControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const state = shown('state', entity.state);
  return (
    <Row>
      {has(entity, START) && <Tile kind="strong" icon={mdiPlay} label={state === 'paused' ? t('goOn') : t('mow')} disabled={gone || state === 'mowing'} onPress={() => void act('start_mowing', {}, { state: 'mowing' })} />}
      {has(entity, PAUSE) && <Tile icon={mdiPause} label={t('pause')} disabled={gone || state !== 'mowing'} onPress={() => void act('pause', {}, { state: 'paused' })} />}
      {has(entity, DOCK) && <Tile icon={mdiHomeImportOutline} label={t('toDock')} disabled={gone || state === 'docked' || state === 'returning'} onPress={() => void act('dock', {}, { state: 'returning' })} />}
    </Row>
  );
}
