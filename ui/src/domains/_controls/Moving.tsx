/** Covers and valves: open, stop, close, and how far. */

import { mdiArrowBottomLeft, mdiArrowDown, mdiArrowTopRight, mdiArrowUp, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Slider } from '@/components/fields';
import type { Entity } from '@/data/types';
import { has, numberOf, useControl } from './control';
import { Row, Stack, Tile } from './parts';
import styles from './parts.module.css';

export interface MovingKind {
  /** Services by what they do. */
  open: string;
  close: string;
  stop: string;
  position: string;
  /** Bits of `supported_features`. */
  bits: { open: number; close: number; position: number; stop: number };
}

const TILT = { open: 16, close: 32, stop: 64, position: 128 };

export function Moving({ entity, kind }: { entity: Entity; kind: MovingKind }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const position = shown('position', numberOf(entity, 'current_position'));
  const tilt = shown('tilt', numberOf(entity, 'current_tilt_position'));
  const tilts = entity.entity_id.startsWith('cover.');
  const canPlace = has(entity, kind.bits.position);
  const canTilt = tilts && has(entity, TILT.position);
  const fully = { open: position === 100 || (position === null && entity.state === 'open' && !entity.attributes.assumed_state), closed: entity.state === 'closed' && !entity.attributes.assumed_state };
  const percent = (value: number) => `${Math.round(value)} %`;
  return (
    <Stack>
      {(canPlace || canTilt) && (
        <div className={styles.vertical}>
          {canPlace && (
            <div className={styles.column}>
              <Slider vertical large hideLabel label={t('moving.position')} value={position ?? (entity.state === 'closed' ? 0 : 100)} disabled={gone} format={percent}
                onChangeEnd={(value) => void act(kind.position, { position: value }, { position: value })} />
              <span aria-hidden="true">{t('moving.position')} <strong>{position === null ? '–' : percent(position)}</strong></span>
            </div>
          )}
          {canTilt && (
            <div className={styles.column}>
              <Slider vertical large hideLabel label={t('moving.tilt')} value={tilt ?? 0} disabled={gone} format={percent}
                onChangeEnd={(value) => void act('set_cover_tilt_position', { tilt_position: value }, { tilt: value })} />
              <span aria-hidden="true">{t('moving.tilt')} <strong>{tilt === null ? '–' : percent(tilt)}</strong></span>
            </div>
          )}
        </div>
      )}
      <Row label={t('moving.position')}>
        {has(entity, kind.bits.open) && <Tile icon={mdiArrowUp} label={t('open')} disabled={gone || fully.open} onPress={() => void act(kind.open)} />}
        {has(entity, kind.bits.stop) && <Tile icon={mdiStop} label={t('stop')} disabled={gone} onPress={() => void act(kind.stop)} />}
        {has(entity, kind.bits.close) && <Tile icon={mdiArrowDown} label={t('closeIt')} disabled={gone || fully.closed} onPress={() => void act(kind.close)} />}
      </Row>
      {tilts && has(entity, TILT.open | TILT.close) && (
        <Row label={t('moving.tilt')}>
          {has(entity, TILT.open) && <Tile icon={mdiArrowTopRight} label={t('moving.tiltOpen')} disabled={gone || tilt === 100} onPress={() => void act('open_cover_tilt')} />}
          {has(entity, TILT.stop) && <Tile icon={mdiStop} label={t('moving.tiltStop')} disabled={gone} onPress={() => void act('stop_cover_tilt')} />}
          {has(entity, TILT.close) && <Tile icon={mdiArrowBottomLeft} label={t('moving.tiltClose')} disabled={gone || tilt === 0} onPress={() => void act('close_cover_tilt')} />}
        </Row>
      )}
    </Stack>
  );
}
