import { useState } from 'react';
import { mdiCheck, mdiGestureTapButton } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useControl } from './control';
import { Row, Tile } from './parts';

const DONE_MS = 1500;

/** `button`, `input_button` and whatever has nothing but a press. */
export function PressControl({ entity, service = 'press', label, icon = mdiGestureTapButton }: { entity: Entity; service?: string; label?: string; icon?: string }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const [done, setDone] = useState(false);
  const press = async () => {
    if (!(await act(service))) return;
    setDone(true);
    setTimeout(() => setDone(false), DONE_MS);
  };
  return (
    <Row>
      <Tile kind={done ? 'plain' : 'strong'} icon={done ? mdiCheck : icon} label={done ? t('done') : (label ?? t('press'))} disabled={gone} onPress={() => void press()} />
    </Row>
  );
}
