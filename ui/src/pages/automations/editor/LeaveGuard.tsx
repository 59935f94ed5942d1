/** Asks before leaving with unsaved changes: by a link, or by closing the tab. Going back keeps them as a draft. */

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button, Dialog } from '@/components';

interface Props {
  dirty: boolean;
  canSave: boolean;
  onSave: () => Promise<boolean>;
  onDiscard: () => void;
}

export function LeaveGuard({ dirty, canSave, onSave, onDiscard }: Props) {
  const { t } = useTranslation('automations');
  const [, navigate] = useLocation();
  const [target, setTarget] = useState<string | null>(null);

  useEffect(() => {
    if (!dirty) return undefined;
    const clicked = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target === '_blank') return;
      if (link.origin !== location.origin || link.hash || link.pathname === location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(link.pathname + link.search);
    };
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    document.addEventListener('click', clicked, true);
    addEventListener('beforeunload', closing);
    return () => {
      document.removeEventListener('click', clicked, true);
      removeEventListener('beforeunload', closing);
    };
  }, [dirty]);

  const go = () => {
    const to = target;
    setTarget(null);
    if (to) navigate(to);
  };
  return (
    <Dialog
      open={target !== null}
      onClose={() => setTarget(null)}
      title={t('leave.title')}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button
            kind="ghost"
            onPress={() => {
              onDiscard();
              go();
            }}
          >
            {t('leave.discard')}
          </Button>
          <Button onPress={go}>{t('leave.keep')}</Button>
          <Button kind="primary" isDisabled={!canSave} onPress={() => void onSave().then((worked) => (worked ? go() : setTarget(null)))}>
            {t('leave.save')}
          </Button>
        </>
      }
    >
      {t('leave.text')}
    </Dialog>
  );
}
