/** What one can do to an actor: each is confirmed, and stands in the audit log afterwards. */

import { useState } from 'react';
import { mdiDeleteSweepOutline, mdiPause, mdiPlay, mdiRestart, mdiStop, mdiTextSearch, mdiTune } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, ConfirmDialog, Menu, type MenuEntry } from '@/components';
import { asApiError, useConnected, useSession } from '@/data';
import { useSaid } from './said';
import type { Action, ActorDetail } from './types';

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
const AT_ONCE: readonly Action[] = ['trace', 'log_level', 'resume', 'start'];

interface Wish {
  action: Action;
  level?: string;
}

export function Actions({ actor, onDone }: { actor: ActorDetail; onDone: () => void }) {
  const { t } = useTranslation('console');
  const session = useSession();
  const connected = useConnected();
  const [wish, setWish] = useState<Wish | null>(null);
  const said = useSaid();
  const [busy, setBusy] = useState(false);

  const act = async (what: Wish) => {
    setBusy(true);
    try {
      const done = await session.command<{ text: string }>('marge/console/act', { path: actor.path, ...what });
      toast.ok(said(done.text));
      setWish(null);
      onDone();
    } catch (problem) {
      toast.error(said(asApiError(problem).message));
      setWish(null);
    } finally {
      setBusy(false);
    }
  };
  const want = (what: Wish) => (AT_ONCE.includes(what.action) ? void act(what) : setWish(what));

  const isDown = ['failed', 'stopped', 'restarting'].includes(actor.state);
  const livesOnce = actor.restart === 'temporary';
  const isPaused = actor.state === 'paused';
  const entry = (action: Action, icon: string, danger = false): MenuEntry => ({
    id: action,
    label: t(`action.${action}`),
    icon,
    danger,
    disabled: !connected || actor.refusals[action] !== undefined,
    run: () => want({ action }),
  });
  const entries: MenuEntry[] = [
    ...(isPaused ? [] : isDown ? [] : [entry('pause', mdiPause)]),
    ...(isDown ? [] : [entry('drain', mdiDeleteSweepOutline)]),
    ...(isDown ? [] : [entry('stop', mdiStop, true)]),
    { id: 'trace', label: t('action.trace'), icon: mdiTextSearch, section: '', disabled: !connected || isDown, run: () => want({ action: 'trace' }) },
    ...LEVELS.map((level) => ({
      id: `level-${level}`,
      label: t(`level.${level}`),
      icon: mdiTune,
      section: t('action.log_level'),
      selected: actor.logger?.level === level,
      disabled: !connected,
      run: () => want({ action: 'log_level', level }),
    })),
  ];
  return (
    <>
      {isPaused && <Button icon={mdiPlay} isDisabled={!connected} onPress={() => want({ action: 'resume' })}>{t('action.resume')}</Button>}
      {!livesOnce && <Button kind="primary" icon={isDown ? mdiPlay : mdiRestart} isDisabled={!connected} onPress={() => want({ action: isDown ? 'start' : 'restart' })}>
        {t(isDown ? 'action.start' : 'action.restart')}
      </Button>}
      <Menu label={t('action.more')} entries={entries} />
      <ConfirmDialog
        open={wish !== null}
        title={wish ? t(`confirm.${wish.action}`, { path: actor.path }) : ''}
        text={wish ? t(`confirm.text.${wish.action === 'stop' && livesOnce ? 'stopOnce' : wish.action}`) : ''}
        confirm={wish ? t(`action.${wish.action}`) : ''}
        danger={wish?.action === 'stop' || wish?.action === 'drain'}
        busy={busy}
        onConfirm={() => wish && void act(wish)}
        onClose={() => setWish(null)}
      />
    </>
  );
}
