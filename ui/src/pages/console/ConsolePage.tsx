import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { Banner, PageHeader, Tabs } from '@/components';
import { ActorPage } from './ActorPage';
import { Audit } from './Audit';
import { DeadlockBanner } from './DeadlockBanner';
import { Letters } from './Letters';
import { OverviewTab, OverviewSkeleton } from './OverviewTab';
import { Tree } from './Tree';
import { useOverview } from './useOverview';
import { Waits } from './Waits';

/** The actor console: `?tab=` which of its parts, `?at=/path` one actor. */
export default function ConsolePage() {
  const { t } = useTranslation('console');
  const [params, setParams] = useSearchParams();
  const { overview, seconds, error } = useOverview();
  const at = params.get('at');
  const tab = params.get('tab') ?? 'overview';
  const refused = error && <Banner kind="error" title={t('refused')}>{error.message}</Banner>;
  if (at !== null) {
    return (
      <>
        {overview && <DeadlockBanner circles={overview.deadlocks} />}
        <ActorPage key={at} path={at} types={overview?.types ?? []} />
      </>
    );
  }
  const tabs = [
    { id: 'overview', label: t('tab.overview'), content: overview ? <OverviewTab overview={overview} seconds={seconds} /> : <OverviewSkeleton /> },
    { id: 'tree', label: t('tab.tree'), content: <Tree overview={overview} /> },
    { id: 'waits', label: t('tab.waits'), content: <Waits /> },
    { id: 'letters', label: t('tab.letters'), content: <Letters total={overview?.totals.dead_letters ?? null} /> },
    { id: 'audit', label: t('tab.audit'), content: <Audit /> },
  ];
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      {refused}
      {overview && <DeadlockBanner circles={overview.deadlocks} />}
      <Tabs
        label={t('title')}
        tabs={tabs}
        value={tabs.some((each) => each.id === tab) ? tab : 'overview'}
        onChange={(next) => setParams(next === 'overview' ? {} : { tab: next }, { replace: true })}
      />
    </>
  );
}
