/** The home at a glance: a dashboard's views with their cards; its editor is loaded when it is asked for. */

import { lazy, Suspense, useState } from 'react';
import { mdiPencilOutline, mdiPlus, mdiViewDashboardOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'wouter';
import { Banner, Button, Menu, type MenuEntry, NamedIcon, PageHeader, SkeletonPage } from '@/components';
import { useCommand, useConnected, useHomeConfig, useUser } from '@/data';
import type { Dashboard, ViewConfig } from '@/lovelace/types';
import { Badges } from './Badges';
import { hasDraft } from './drafts';
import styles from './HomePage.module.css';
import { DEFAULT, urlPathOf, useDashboard } from './useDashboard';
import { ViewBody } from './ViewBody';

const Editor = lazy(() => import('./editor/Editor'));
const NewDashboard = lazy(() => import('./editor/NewDashboard'));

export function mayShow(view: ViewConfig, userId: string): boolean {
  if (view.visible === false || view.subview === true) return false;
  return !Array.isArray(view.visible) || view.visible.some((each) => each.user === userId);
}

export default function HomePage() {
  const { t } = useTranslation('home');
  const { dashboard, view: wanted } = useParams<{ dashboard?: string; view?: string }>();
  const [, navigate] = useLocation();
  const user = useUser();
  const home = useHomeConfig();
  const connected = useConnected();
  const urlPath = urlPathOf(dashboard);
  const { config, automatic, error, reload } = useDashboard(urlPath);
  const others = useCommand<Dashboard[]>('lovelace/dashboards/list', {}, ['panels_updated', 'lovelace_updated']);
  const [editing, setEditing] = useState<string | null>(null);
  const [making, setMaking] = useState(false);

  const here = dashboard ?? DEFAULT;
  const info = others.data?.find((each) => each.url_path === urlPath);
  const homeName = home?.location_name || t('title');
  const title = info?.title ?? config?.title ?? homeName;

  if (editing === here && config) {
    return (
      <Suspense fallback={<SkeletonPage />}>
        <Editor urlPath={urlPath} stored={config} automatic={automatic} title={title} onClose={() => setEditing(null)} onSaved={reload} />
      </Suspense>
    );
  }

  const views = (config?.views ?? []).map((view, index) => ({ view, index, path: view.path ?? String(index) }));
  const shown = views.filter(({ view }) => mayShow(view, user.id));
  const current = views.find(({ path, index }) => path === wanted || String(index) === wanted) ?? shown[0] ?? views[0];
  const choices: MenuEntry[] = [
    { id: 'default', label: homeName, icon: mdiViewDashboardOutline, selected: urlPath === null, run: () => navigate('/') },
    ...(others.data ?? [])
      .filter((each) => user.is_admin || !each.require_admin)
      .map((each) => ({ id: each.url_path, label: each.title, icon: mdiViewDashboardOutline, selected: each.url_path === urlPath, run: () => navigate(`/home/${each.url_path}`) })),
    ...(user.is_admin ? [{ id: 'new', label: t('newDashboard'), icon: mdiPlus, section: '', run: () => setMaking(true) }] : []),
  ];
  const editable = user.is_admin && config !== null && info?.mode !== 'yaml';

  return (
    <>
      <PageHeader
        title={title}
        actions={
          <>
            {editable && (
              <Button kind="ghost" icon={mdiPencilOutline} isDisabled={!connected} onPress={() => setEditing(here)}>
                {hasDraft(urlPath) ? t('editDraft') : <span className={styles.word}>{t('edit')}</span>}
              </Button>
            )}
            {choices.length > 1 && <Menu label={t('dashboards')} entries={choices} />}
          </>
        }
      >
        {shown.length > 1 && (
          <nav className={styles.views} aria-label={t('views')}>
            {shown.map(({ view, path, index }) => (
              <Link key={index} href={`/home/${here}/${path}`} className={`${styles.view} ${index === current?.index ? styles.here : ''}`} aria-current={index === current?.index ? 'page' : undefined}>
                {view.icon && <NamedIcon name={view.icon} fallback={mdiViewDashboardOutline} size={20} />}
                {view.title ?? (view.icon ? <span className="visually-hidden">{path}</span> : t('view', { number: index + 1 }))}
              </Link>
            ))}
          </nav>
        )}
      </PageHeader>
      {error && (
        <Banner kind="error" title={t('failed')} actions={<Button small onPress={reload}>{t('again')}</Button>}>
          {error.message}
        </Banner>
      )}
      {!config && !error && <SkeletonPage />}
      {current && (
        <>
          {Array.isArray(current.view.badges) && current.view.badges.length > 0 && <Badges badges={current.view.badges} />}
          <ViewBody key={current.index} view={current.view} index={current.index} />
        </>
      )}
      {making && (
        <Suspense>
          <NewDashboard onClose={() => setMaking(false)} onMade={(path) => { others.reload(); navigate(`/home/${path}`); }} />
        </Suspense>
      )}
    </>
  );
}
