/** What was found in the network and waits for somebody to say yes or no. */

import { useState } from 'react';
import { mdiRadar } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Icon } from '@/components';
import { ConfigFlow } from '@/components/ConfigFlow';
import { prettify, useCommand, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { useManifests } from '@/pages/devices/useEntries';
import { CreatedDialog } from './CreatedDialog';
import styles from './Integrations.module.css';
import { useEvery } from './useIntegrations';

interface Found {
  flow_id: string;
  handler: string;
  step_id: string | null;
  context: { source: string; title_placeholders?: Record<string, string>; unique_id?: string };
}
const LOOK_MS = 10_000;

export function Discovered() {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const manifests = useManifests();
  const { data, reload } = useCommand<Found[]>('config_entries/flow/progress', {}, ['config_entry_discovered']);
  useEvery(LOOK_MS, reload);
  const [open, setOpen] = useState<Found | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const [busy, act] = useAct();
  const nameOf = (found: Found) => found.context.title_placeholders?.name ?? t(`names.${found.handler}`, { defaultValue: manifests.get(found.handler)?.name ?? prettify(found.handler) });
  const ignore = (found: Found) => act(() => session.command('config_entries/ignore_flow', { flow_id: found.flow_id, title: nameOf(found) }), t('found.ignored', { name: nameOf(found) })).then(reload);
  return (
    <>
      {data && data.length > 0 && (
        <section className={styles.section} aria-labelledby="found">
          <h2 id="found">{t('found.title')}</h2>
          <ul className={styles.grid}>
            {data.map((found) => (
              <li key={found.flow_id} className={`${styles.card} ${styles.foundCard}`}>
                <span className={styles.cardHead}>
                  <span className={styles.face}>
                    <Icon path={mdiRadar} />
                  </span>
                  <span className={styles.words}>
                    <span className={styles.name}>{nameOf(found)}</span>
                    <span className={styles.quiet}>{t(`names.${found.handler}`, { defaultValue: manifests.get(found.handler)?.name ?? prettify(found.handler) })}</span>
                  </span>
                </span>
                <span className={styles.chips}>
                  <Button small kind="primary" onPress={() => setOpen(found)} aria-label={t('found.addOne', { name: nameOf(found) })}>
                    {t('found.add')}
                  </Button>
                  <Button small kind="ghost" isDisabled={busy} onPress={() => void ignore(found)} aria-label={t('found.ignoreOne', { name: nameOf(found) })}>
                    {t('found.ignore')}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {open && (
        <ConfigFlow
          kind="config"
          handler={open.handler}
          domain={open.handler}
          title={nameOf(open)}
          flowId={open.flow_id}
          onClose={() => {
            setOpen(null);
            reload();
          }}
          onDone={(id) => {
            setOpen(null);
            setMade(id);
            reload();
          }}
        />
      )}
      {made && <CreatedDialog entryId={made} onClose={() => setMade(null)} />}
    </>
  );
}
