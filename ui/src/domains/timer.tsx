import { mdiCheck, mdiClose, mdiPause, mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { textOf, useControl } from './_controls/control';
import { Row, Stack, Tile } from './_controls/parts';
import styles from './_controls/parts.module.css';
import { clockOf, secondsOf } from './_controls/time';
import { useNow } from './_controls/useNow';

export default function TimerControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const active = entity.state === 'active';
  const now = useNow(active);
  const whole = secondsOf(entity.attributes.duration);
  const ends = Date.parse(textOf(entity, 'finishes_at') ?? '');
  const left = active && ends ? Math.max(0, (ends - now) / 1000) : entity.state === 'paused' ? secondsOf(entity.attributes.remaining) : whole;
  return (
    <Stack>
      <div className={styles.clock} role="timer">
        {clockOf(left)}
      </div>
      {whole > 0 && (
        <div className={styles.bar} aria-hidden="true">
          <span style={{ width: `${Math.min(100, (left / whole) * 100)}%` }} />
        </div>
      )}
      <Row>
        {active ? (
          <Tile kind="strong" icon={mdiPause} label={t('pause')} disabled={gone} onPress={() => void act('pause')} />
        ) : (
          <Tile kind="strong" icon={mdiPlay} label={entity.state === 'paused' ? t('goOn') : t('start')} disabled={gone || whole === 0} onPress={() => void act('start')} />
        )}
        {entity.state !== 'idle' && (
          <>
            <Tile icon={mdiClose} label={t('cancel')} disabled={gone} onPress={() => void act('cancel')} />
            <Tile icon={mdiCheck} label={t('timer.finish')} disabled={gone || !active} onPress={() => void act('finish')} />
          </>
        )}
      </Row>
    </Stack>
  );
}
