import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button } from '@/components';
import { useConnected, useSession } from '@/data';
import { useAct } from '../../parts/useAct';
import type { Following } from './sections';

/** What was saved is not in use yet: one press reads it again, or says that it needs a restart. */
export function AfterSave({ follows, onDone }: { follows: Following; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, act } = useAct();
  if (follows.is === 'nothing') return null;
  if (follows.is === 'restart') {
    return (
      <Banner kind="info" title={t('files.after.restart')} actions={<Link href="/settings/restart">{t('files.after.toRestart')}</Link>}>
        {t('files.after.restartText', { sections: follows.sections.join(', ') })}
      </Banner>
    );
  }
  const read = async () => {
    const worked = await act(async () => {
      if (follows.is === 'all') await session.call('homeassistant', 'reload_all');
      else for (const domain of follows.domains) await session.call(domain, 'reload');
    }, t('files.after.done'));
    if (worked) onDone();
  };
  return (
    <Banner
      kind="info"
      title={t('files.after.reload')}
      actions={
        <Button small busy={busy} isDisabled={!connected} onPress={() => void read()}>
          {t('files.after.read')}
        </Button>
      }
    >
      {follows.is === 'all' ? t('files.after.allText') : t('files.after.someText', { sections: follows.domains.join(', ') })}
    </Banner>
  );
}
