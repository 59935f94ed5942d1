import { useState } from 'react';
import { mdiDoorOpen, mdiLock, mdiLockOpenVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/components/Dialog';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import { Code } from './_controls/Code';
import { has, textOf, useControl } from './_controls/control';
import { Note, Row, Stack, Tile } from './_controls/parts';

const OPEN = 1;

export default function LockControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const [code, setCode] = useState('');
  const [asks, setAsks] = useState(false);
  const format = textOf(entity, 'code_format');
  const busy = entity.state === 'locking' || entity.state === 'unlocking' || entity.state === 'opening';
  const run = async (service: string) => {
    if (await act(service, code ? { code } : {})) setCode('');
  };
  return (
    <Stack>
      {entity.state === 'jammed' && <Note>{t('lock.jammed')}</Note>}
      {format && <Code format={format} value={code} onChange={setCode} disabled={gone} />}
      <Row>
        <Tile icon={mdiLock} label={t('lock.lock')} disabled={gone || busy || entity.state === 'locked' || Boolean(format && !code)} onPress={() => void run('lock')} />
        <Tile icon={mdiLockOpenVariant} label={t('lock.unlock')} disabled={gone || busy || entity.state === 'unlocked' || entity.state === 'open' || Boolean(format && !code)} onPress={() => void run('unlock')} />
        {has(entity, OPEN) && <Tile icon={mdiDoorOpen} label={t('lock.open')} disabled={gone || busy || Boolean(format && !code)} onPress={() => setAsks(true)} />}
      </Row>
      <ConfirmDialog
        open={asks}
        title={t('lock.openTitle', { name: nameOf(entity) })}
        text={t('lock.openText')}
        confirm={t('lock.open')}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false);
          void run('open');
        }}
      />
    </Stack>
  );
}
