/** What was found and is not wanted: said at the end, and taken back with one press. */

import { mdiEyeOffOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Icon } from '@/components';
import { prettify, useConnected, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { useConfigEntries, useManifests } from '@/pages/devices/useEntries';
import styles from './Integrations.module.css';

export function Ignored() {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const connected = useConnected();
  const manifests = useManifests();
  const { entries } = useConfigEntries();
  const [busy, act] = useAct();
  const ignored = [...(entries?.values() ?? [])].filter((entry) => entry.source === 'ignore');
  if (ignored.length === 0) return null;
  return (
    <details className={`${styles.section} ${styles.more}`}>
      <summary>{t('ignored.title', { count: ignored.length })}</summary>
      <p className={styles.quiet}>{t('ignored.text')}</p>
      <ul className={styles.rows}>
        {ignored.map((entry) => (
          <li key={entry.entry_id} className={styles.entry}>
            <Icon path={mdiEyeOffOutline} />
            <span className={styles.words}>
              <span className={styles.name}>{entry.title}</span>
              <span className={styles.quiet}>{t(`names.${entry.domain}`, { defaultValue: manifests.get(entry.domain)?.name ?? prettify(entry.domain) })}</span>
            </span>
            <Button
              small
              isDisabled={busy || !connected}
              aria-label={t('ignored.backOne', { name: entry.title })}
              onPress={() => void act(() => session.rest(`/api/config/config_entries/entry/${entry.entry_id}`, { method: 'DELETE' }), t('ignored.done', { name: entry.title }))}
            >
              {t('ignored.back')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
