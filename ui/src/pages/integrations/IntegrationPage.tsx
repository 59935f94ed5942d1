/** One integration: its entries, the bridges behind it, pairing where it has a network, its devices. */

import { useState } from 'react';
import { mdiPlus, mdiPuzzleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button, Card, EmptyState, PageHeader, SkeletonPage } from '@/components';
import { useManifests } from '@/pages/devices/useEntries';
import { AddDialog } from './AddDialog';
import { BridgeCard } from './BridgeCard';
import { EntryCard } from './EntryCard';
import { HealthChip, restartAt } from './HealthChip';
import styles from './Integrations.module.css';
import { Repairs } from './Repairs';
import { useIntegrations } from './useIntegrations';
import { ZigbeePanel } from './ZigbeePanel';
import { ZwavePanel } from './ZwavePanel';

export function IntegrationPage({ domain }: { domain: string }) {
  const { t } = useTranslation('integrations');
  const { groups, at, error } = useIntegrations();
  const manifests = useManifests();
  const [adding, setAdding] = useState(false);
  if (!groups && !error) return <SkeletonPage />;
  const group = groups?.find((each) => each.domain === domain);
  const manifest = manifests.get(domain);
  const name = t(`names.${domain}`, { defaultValue: group?.name ?? manifest?.name ?? domain });
  const canAdd = manifest?.config_flow === true && !(manifest.single_config_entry && group?.entries.length);
  return (
    <>
      <PageHeader
        title={name}
        text={t(`about.${domain}`, { defaultValue: '' }) || undefined}
        back="/integrations"
        actions={
          canAdd && (
            <Button kind="primary" icon={mdiPlus} onPress={() => setAdding(true)}>
              {t('add.another')}
            </Button>
          )
        }
      >
        {group && (
          <div className={styles.chips}>
            <HealthChip health={group.health} until={restartAt(group.bridges, at)} />
            {group.entries.length > 0 && group.devices > 0 && <Link href={`/devices?integration=${encodeURIComponent(domain)}`}>{t('count.devices', { count: group.devices })}</Link>}
            {group.entries.length > 0 && group.entities > 0 && <Link href={`/entities?integration=${encodeURIComponent(domain)}`}>{t('count.entities', { count: group.entities })}</Link>}
          </div>
        )}
      </PageHeader>
      {error && <Banner kind="error" title={t('failed')}>{error}</Banner>}
      <Repairs domain={domain} />
      {!group && !error && <EmptyState icon={mdiPuzzleOutline} title={t('gone.title')} text={t('gone.text')} />}
      <div className={styles.stack}>
        {domain === 'zigbee2mqtt' && <ZigbeePanel />}
        {domain === 'zwave' && <ZwavePanel />}
        {group && group.entries.length > 0 && (
          <Card title={t('entries')} flush>
            <ul className={styles.rows}>
              {group.entries.map((entry) => (
                <EntryCard key={entry.entry_id} entry={entry} />
              ))}
            </ul>
          </Card>
        )}
        {group?.bridges.map((bridge) => (
          <BridgeCard key={bridge.name} bridge={bridge} at={at} />
        ))}
      </div>
      {adding && <AddDialog present={new Set()} only={{ domain, name }} onClose={() => setAdding(false)} />}
    </>
  );
}
