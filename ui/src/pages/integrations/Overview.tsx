/** All integrations: what wants somebody first, then what was found, then one card each. */

import { useState } from 'react';
import { mdiPlus, mdiPuzzleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, EmptyState, PageHeader, SearchField, SkeletonPage } from '@/components';
import { AddDialog } from './AddDialog';
import { Discovered } from './Discovered';
import { Ignored } from './Ignored';
import { IntegrationCard } from './IntegrationCard';
import styles from './Integrations.module.css';
import { Repairs } from './Repairs';
import { useIntegrations } from './useIntegrations';

export function Overview() {
  const { t } = useTranslation('integrations');
  const { groups, at, error } = useIntegrations();
  const [adding, setAdding] = useState(false);
  const [search, setSearch] = useState('');
  if (!groups && !error) return <SkeletonPage />;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = (groups ?? []).filter((group) => words.every((word) => `${group.name} ${group.domain} ${group.entries.map((entry) => entry.title).join(' ')}`.toLowerCase().includes(word)));
  const active = fitting.filter((group) => group.health !== 'idle');
  const idle = fitting.filter((group) => group.health === 'idle');
  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('text')}
        actions={
          <Button kind="primary" icon={mdiPlus} onPress={() => setAdding(true)}>
            {t('add.open')}
          </Button>
        }
      >
        <SearchField label={t('search')} value={search} onChange={setSearch} className={styles.search} />
      </PageHeader>
      {error && <Banner kind="error" title={t('failed')}>{error}</Banner>}
      <Repairs />
      <Discovered />
      {active.length > 0 && (
        <ul className={styles.grid}>
          {active.map((group) => (
            <IntegrationCard key={group.domain} group={group} at={at} />
          ))}
        </ul>
      )}
      {idle.length > 0 && (
        <section className={styles.section} aria-labelledby="idle">
          <h2 id="idle">{t('idle.title')}</h2>
          <p className={styles.quiet}>{t('idle.text')}</p>
          <ul className={styles.grid}>
            {idle.map((group) => (
              <IntegrationCard key={group.domain} group={group} at={at} />
            ))}
          </ul>
        </section>
      )}
      {fitting.length === 0 && !error && <EmptyState icon={mdiPuzzleOutline} title={t(words.length ? 'nothing.title' : 'empty.title')} text={t(words.length ? 'nothing.text' : 'empty.text')} />}
      <Ignored />
      {adding && <AddDialog present={new Set((groups ?? []).filter((group) => group.entries.length).map((group) => group.domain))} onClose={() => setAdding(false)} />}
    </>
  );
}
