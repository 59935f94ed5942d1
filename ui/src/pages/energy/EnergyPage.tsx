import { useState } from 'react';
import { mdiCogOutline, mdiLightningBoltOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { Banner, Button, EmptyState, IconButton, PageHeader, SkeletonPage } from '@/components';
import { useCommand, useUser } from '@/data';
import { readDate, useZone } from '@/data/zoned';
import { Dashboard } from './Dashboard';
import { isEmpty, type Prefs } from './prefs';
import { viewFrom } from './view';
import { ViewPicker } from './ViewPicker';

export default function EnergyPage() {
  const { t } = useTranslation('energy');
  const user = useUser();
  const zone = useZone();
  const [, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  const [now] = useState(() => Date.now());
  const prefs = useCommand<Prefs>('energy/get_prefs');
  const view = viewFrom(params, now, zone, readDate);
  const compare = params.get('compare') === '1';
  const nothing = prefs.error?.code === 'not_found' || (prefs.data !== undefined && isEmpty(prefs.data));
  const setup = () => navigate('/energy/setup');

  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          !nothing && (
            <ViewPicker view={view} compare={compare} zone={zone} now={now} onChange={(next, withBefore) => setParams({ view: next.unit, date: next.date.toString(), ...(withBefore ? { compare: '1' } : {}) }, { replace: true })}>
              {user.is_admin && <IconButton label={t('setup.title')} icon={mdiCogOutline} onPress={setup} />}
            </ViewPicker>
          )
        }
      />
      {nothing ? (
        <EmptyState icon={mdiLightningBoltOutline} title={t('empty.title')} text={t(user.is_admin ? 'empty.text' : 'empty.ask')}>
          {user.is_admin && (
            <Button kind="primary" onPress={setup}>
              {t('empty.begin')}
            </Button>
          )}
        </EmptyState>
      ) : prefs.error ? (
        <Banner kind="error" title={t('failed')} actions={<Button onPress={prefs.reload}>{t('again')}</Button>}>
          {prefs.error.message}
        </Banner>
      ) : prefs.data ? (
        <Dashboard prefs={prefs.data} view={view} compare={compare} zone={zone} now={now} />
      ) : (
        <SkeletonPage />
      )}
    </>
  );
}
