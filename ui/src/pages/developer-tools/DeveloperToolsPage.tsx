import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import { PageHeader, Skeleton, Tabs } from '@/components';
import StatesTab from './states/StatesTab';

const TABS = {
  states: StatesTab,
  actions: lazy(() => import('./actions/ActionsTab')),
  events: lazy(() => import('./events/EventsTab')),
  templates: lazy(() => import('./templates/TemplatesTab')),
  statistics: lazy(() => import('./statistics/StatisticsTab')),
  yaml: lazy(() => import('./yaml/YamlTab')),
};

export default function DeveloperToolsPage() {
  const { t } = useTranslation('developer-tools');
  const { tab } = useParams<{ tab?: string }>();
  const [, navigate] = useLocation();
  return (
    <>
      <PageHeader title={t('title')} />
      <Tabs
        label={t('title')}
        value={tab && tab in TABS ? tab : 'states'}
        onChange={(next) => navigate(`/developer-tools/${next}`, { replace: true })}
        tabs={Object.entries(TABS).map(([id, Tab]) => ({
          id,
          label: t(`tabs.${id}`),
          content: (
            <Suspense fallback={<Skeleton height={320} radius="var(--radius)" />}>
              <Tab />
            </Suspense>
          ),
        }))}
      />
    </>
  );
}
