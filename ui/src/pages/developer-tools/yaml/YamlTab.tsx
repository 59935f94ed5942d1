import { useMemo, useState } from 'react';
import { mdiCheckDecagramOutline, mdiReload } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Skeleton } from '@/components';
import { asApiError, useConnected, useServices, useSession } from '@/data';
import { useTitles } from '@/data/words';
import styles from '../Tools.module.css';

type Outcome = { at: string; ok: boolean; text: string };

const HOME = ['reload_all', 'reload_core_config', 'reload_custom_templates'] as const;

export default function YamlTab() {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const connected = useConnected();
  const services = useServices();
  const titleOf = useTitles();
  const [busy, setBusy] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const reloads = useMemo(
    () => [
      ...HOME.filter((name) => services.homeassistant?.[name]).map((name) => ({ id: `homeassistant.${name}`, label: t(`yaml.${name}`) })),
      ...Object.keys(services)
        .filter((domain) => services[domain]?.reload)
        .map((domain) => ({ id: `${domain}.reload`, label: titleOf(domain) }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    ],
    [services, t, titleOf],
  );
  const run = async (id: string, label: string, work: () => Promise<Outcome | null>) => {
    setBusy(id);
    setOutcome(null);
    try {
      setOutcome((await work()) ?? { at: id, ok: true, text: t('yaml.done', { name: label }) });
    } catch (error) {
      setOutcome({ at: id, ok: false, text: asApiError(error).message });
    } finally {
      setBusy(null);
    }
  };
  const check = () =>
    run('check', t('yaml.check'), async () => {
      const { result, errors } = await session.rest<{ result: string; errors: string | null }>('/api/config/core/check_config', { method: 'POST' });
      return { at: 'check', ok: result === 'valid', text: result === 'valid' ? t('yaml.valid') : (errors ?? t('yaml.invalid')) };
    });
  const reload = (id: string, label: string) => {
    const [domain, name] = id.split('.') as [string, string];
    return run(id, label, async () => {
      await session.call(domain, name);
      return null;
    });
  };
  return (
    <div className={styles.tab}>
      {outcome && (
        <Banner kind={outcome.ok ? 'ok' : 'error'} title={outcome.ok ? '' : t('yaml.failed')}>
          <span className={styles.lines}>{outcome.text}</span>
        </Banner>
      )}
      <Card title={t('yaml.checkTitle')} icon={mdiCheckDecagramOutline} actions={<Button busy={busy === 'check'} isDisabled={!connected} onPress={() => void check()}>{t('yaml.check')}</Button>}>
        <p className={styles.quiet}>{t('yaml.checkText')}</p>
      </Card>
      <Card title={t('yaml.reloadTitle')} icon={mdiReload}>
        <p className={styles.quiet}>{t('yaml.reloadText')}</p>
        {reloads.length === 0 && <Skeleton height={120} />}
        <ul className={styles.buttons}>
          {reloads.map(({ id, label }) => (
            <li key={id}>
              <Button busy={busy === id} isDisabled={!connected || busy !== null} onPress={() => void reload(id, label)}>
                {label}
              </Button>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
