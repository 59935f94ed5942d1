/** Which integration shall be added: searched for, then the server's own conversation about it. */

import { useMemo, useState } from 'react';
import { mdiChevronRight, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Banner, Dialog, Icon, SearchField, Skeleton } from '@/components';
import { ConfigFlow } from '@/components/ConfigFlow';
import { useCommand } from '@/data';
import { CreatedDialog } from './CreatedDialog';
import { FamilyIcon } from './IntegrationCard';
import styles from './Integrations.module.css';

interface Described {
  name: string;
  integration_type: string;
  config_flow: boolean;
  single_config_entry?: boolean;
}
/** These add devices through a network of their own: their page has the pairing. */
const NETWORKS = ['zigbee2mqtt', 'zwave'] as const;

export function AddDialog({ present, only, onClose }: { present: ReadonlySet<string>; only?: { domain: string; name: string }; onClose: () => void }) {
  const { t, i18n } = useTranslation('integrations');
  const { data, error } = useCommand<{ core: { integration: Record<string, Described> } }>(only ? null : 'integration/descriptions');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<{ domain: string; name: string } | null>(only ?? null);
  const [made, setMade] = useState<string | null>(null);
  const [, navigate] = useLocation();
  const found = useMemo(() => {
    const byName = new Intl.Collator(i18n.language, { sensitivity: 'base' });
    const flows = Object.entries(data?.core.integration ?? {})
      .filter(([, each]) => each.config_flow)
      .map(([domain, each]) => ({ domain, name: t(`names.${domain}`, { defaultValue: each.name }), taken: each.single_config_entry === true && present.has(domain), network: false }));
    const networks = NETWORKS.map((domain) => ({ domain, name: t(`names.${domain}`), taken: false, network: true }));
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return [...flows, ...networks].filter((each) => words.every((word) => `${each.name} ${each.domain}`.toLowerCase().includes(word))).sort((a, b) => byName.compare(a.name, b.name));
  }, [data, present, search, i18n.language, t]);

  if (made) return <CreatedDialog entryId={made} onClose={onClose} />;
  if (chosen) return <ConfigFlow kind="config" handler={chosen.domain} domain={chosen.domain} title={chosen.name} onClose={onClose} onDone={(id) => (id ? setMade(id) : onClose())} />;
  return (
    <Dialog open onClose={onClose} title={t('add.title')}>
      <div className={styles.form}>
        <SearchField label={t('add.search')} value={search} onChange={setSearch} autoFocus />
        {error && <Banner kind="error">{error.message}</Banner>}
        {!data && !error && <Skeleton height={240} radius="var(--radius-m)" />}
        {data && found.length === 0 && <p className={styles.quiet}>{t('add.nothing')}</p>}
        <ul className={styles.choices}>
          {data &&
            found.map((each) => (
              <li key={each.domain}>
                <button
                  type="button"
                  className={styles.choice}
                  disabled={each.taken}
                  onClick={() => {
                    if (!each.network) setChosen(each);
                    else {
                      onClose();
                      navigate(`/integrations/${each.domain}`);
                    }
                  }}
                >
                  <FamilyIcon group={{ domain: each.domain, isProgram: false }} size={22} />
                  <span className={styles.words}>
                    <span>{each.name}</span>
                    {(each.taken || each.network) && <span className={styles.quiet}>{t(each.taken ? 'add.taken' : 'add.pair')}</span>}
                  </span>
                  <Icon path={each.network ? mdiChevronRight : mdiPlus} size={20} />
                </button>
              </li>
            ))}
        </ul>
        <p className={styles.quiet}>{t('add.more')}</p>
      </div>
    </Dialog>
  );
}
