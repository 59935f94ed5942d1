import { useEffect, useState } from 'react';
import { mdiCamera, mdiMotionSensor, mdiPower } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/EmptyState';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import { has, textOf, useControl } from './_controls/control';
import { Row, Stack, Tile } from './_controls/parts';
import styles from './_controls/parts.module.css';

const ON_OFF = 1;

/** Pictures one after the other while the page is seen. */
function Live({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const token = textOf(entity, 'access_token') ?? '';
  // The token changes every few minutes; a stream that runs goes on with the one with which it began.
  const [first, setFirst] = useState(token);
  const [failed, setFailed] = useState(false);
  const [seen, setSeen] = useState(() => document.visibilityState !== 'hidden');
  useEffect(() => {
    const look = () => {
      setSeen(document.visibilityState !== 'hidden');
      setFirst(token);
      setFailed(false);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [token]);
  if (failed) return <EmptyState title={t('camera.failed')} text={t('camera.failedText')} />;
  if (!seen) return null;
  return <img className={styles.picture} alt={t('camera.picture', { name: nameOf(entity) })} src={`/api/camera_proxy_stream/${entity.entity_id}?token=${encodeURIComponent(first)}`} onError={() => (first === token ? setFailed(true) : setFirst(token))} />;
}

export default function CameraControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const away = entity.state === 'unavailable';
  const on = shown('on', entity.state !== 'off');
  const motion = shown('motion', entity.attributes.motion_detection === true);
  const save = () => {
    const link = document.createElement('a');
    link.href = `/api/camera_proxy/${entity.entity_id}?token=${encodeURIComponent(textOf(entity, 'access_token') ?? '')}`;
    link.download = `${entity.entity_id.split('.')[1]}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.jpg`;
    link.click();
  };
  return (
    <Stack>
      {!away && (entity.state === 'off' ? <EmptyState title={t('camera.off')} /> : <Live key={entity.entity_id} entity={entity} />)}
      <Row>
        {on && !away && <Tile icon={mdiCamera} label={t('camera.save')} onPress={save} />}
        {has(entity, ON_OFF) && <Tile icon={mdiPower} label={on ? t('turnOff') : t('turnOn')} chosen={on} disabled={gone} onPress={() => void act(on ? 'turn_off' : 'turn_on', {}, { on: !on })} />}
        {'motion_detection' in entity.attributes && (
          <Tile icon={mdiMotionSensor} label={t('camera.motion')} chosen={motion} disabled={gone} onPress={() => void act(motion ? 'disable_motion_detection' : 'enable_motion_detection', {}, { motion: !motion })} />
        )}
      </Row>
    </Stack>
  );
}
