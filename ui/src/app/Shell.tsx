/** The frame around every page: navigation, banners, the page's place, the dialog of an entity. */

import { Suspense, useEffect, useRef, useState } from 'react';
import { mdiAccountCircleOutline, mdiChevronDoubleLeft, mdiChevronDoubleRight, mdiClose, mdiDotsHorizontal, mdiLogout, mdiThemeLightDark, mdiTranslate } from '@mdi/js';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, Route, Switch, useLocation } from 'wouter';
import { Avatar } from '@/components/Avatar';
import { Banner } from '@/components/Banner';
import { IconButton } from '@/components/Button';
import { EmptyState } from '@/components/EmptyState';
import { Icon } from '@/components/Icon';
import { Menu, type MenuEntry } from '@/components/Menu';
import { MoreInfoHost } from '@/components/MoreInfo';
import { QuickBarHost } from '@/components/QuickBar';
import { SearchButton } from '@/components/QuickBar/SearchButton';
import { SkeletonPage } from '@/components/Skeleton';
import { FORMATS_KEY, formats, formatsId, readFormats, setFormats } from '@/data/formats';
import { useConnected, useHomeConfig, useSession, useUser } from '@/data/hooks';
import { useMe } from '@/data/rights';
import { useStore } from '@/data/store';
import { logOut } from './auth';
import { ErrorBoundary } from './ErrorBoundary';
import { LANGUAGES, type Language, setLanguage } from './i18n';
import { GROUPS, mayOpen, type Page, pages, prepare } from './pages';
import styles from './Shell.module.css';
import { setTheme, type Theme, theme } from './theme';

const RAIL_KEY = 'marge_rail';
/** A blink of the network needs no words. */
const PATIENCE_MS = 1500;

function isAt(page: Page, location: string): boolean {
  return page.href === '/' ? location === '/' || location.startsWith('/home') : location === page.href || location.startsWith(`${page.href}/`);
}

function NavLink({ page, compact, onGo }: { page: Page; compact?: boolean; onGo?: () => void }) {
  const { t } = useTranslation('titles');
  const [location] = useLocation();
  const here = isAt(page, location);
  const title = t(page.name);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (here) link.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  return (
    <Link
      ref={link}
      href={page.href}
      className={`${styles.link} ${here ? styles.here : ''}`}
      aria-current={here ? 'page' : undefined}
      title={compact ? title : undefined}
      onClick={onGo}
      onPointerEnter={() => void prepare(page)}
    >
      <Icon path={page.icon} />
      <span className={styles.linkText}>{title}</span>
    </Link>
  );
}

function Links({ shown, compact, onGo }: { shown: readonly Page[]; compact?: boolean; onGo?: () => void }) {
  const { t } = useTranslation('app');
  return GROUPS.map((group) => {
    const inside = shown.filter((page) => page.nav?.group === group);
    if (inside.length === 0) return null;
    return (
      <div key={group} className={styles.group}>
        {group !== 'home' && <h2 className={styles.groupTitle}>{t(`groups.${group}`)}</h2>}
        <ul>
          {inside.map((page) => (
            <li key={page.name}>
              <NavLink page={page} compact={compact ?? false} {...(onGo ? { onGo } : {})} />
            </li>
          ))}
        </ul>
      </div>
    );
  });
}

function UserMenu({ onLeft }: { onLeft: () => void }) {
  const { t, i18n } = useTranslation('app');
  const session = useSession();
  const me = useMe();
  const chosen = useStore(theme);
  const [, navigate] = useLocation();
  const themes: Theme[] = ['system', 'light', 'dark'];
  const entries: MenuEntry[] = [
    ...(pages.some((page) => page.paths.some((path) => path.startsWith('/profile')))
      ? [{ id: 'profile', label: t('user.profile'), icon: mdiAccountCircleOutline, run: () => navigate('/profile') }]
      : []),
    ...themes.map((each) => ({
      id: each,
      label: t(`user.theme.${each}`),
      icon: mdiThemeLightDark,
      selected: chosen === each,
      section: t('user.theme.title'),
      run: () => {
        setTheme(each);
        void session.saveUserData('marge_theme', each).catch(() => undefined); // kept in this browser all the same
      },
    })),
    ...Object.entries(LANGUAGES).map(([code, name]) => ({
      id: code,
      label: name,
      icon: mdiTranslate,
      selected: i18n.language === code,
      section: t('user.language'),
      run: () => void setLanguage(code as Language).then(() => location.reload()),
    })),
    ...(me.login ? [{ id: 'logout', label: t('user.logout'), icon: mdiLogout, section: '', run: () => void logOut(session).finally(onLeft) }] : []),
  ];
  return (
    <Menu entries={entries} label={session.user.name}>
      <span className={styles.user}>
        <Avatar name={session.user.name} picture={me.person?.picture} size={32} />
        <span className={styles.linkText}>{session.user.name}</span>
      </span>
    </Menu>
  );
}

/** The theme that this user chose elsewhere, where none was chosen in this browser. */
function useStoredTheme(): void {
  const session = useSession();
  const stored = useStore(session.userData, (all) => all.marge_theme);
  useEffect(() => {
    if ((stored === 'light' || stored === 'dark') && theme.get() === 'system' && localStorage.getItem('marge_theme') === null) setTheme(stored);
  }, [stored]);
}

/** How this user wants things written, where it was said in another browser. What is shown begins anew with it. */
function useStoredFormats(): string {
  const session = useSession();
  const stored = useStore(session.userData, (all) => all[FORMATS_KEY]);
  const present = useStore(formats);
  useEffect(() => {
    if (stored === undefined) return;
    const wanted = readFormats(stored);
    if (formatsId(wanted) !== formatsId(formats.get())) setFormats(wanted);
  }, [stored]);
  return formatsId(present);
}

/** Words about the connection, once it has been away for more than a moment. */
function ConnectionBanner() {
  const { t } = useTranslation('app');
  const connected = useConnected();
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (connected) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [connected]);
  return !connected && late ? (
    <Banner kind="warn" title={t('offline.title')}>
      {t('offline.text')}
    </Banner>
  ) : null;
}

function SafeModeBanner() {
  const { t } = useTranslation('app');
  const config = useHomeConfig();
  const unsafe = config?.safe_mode || config?.recovery_mode;
  const user = useUser();
  const decide = user.is_admin ? <Link href="/settings/repairs">{t('safeMode.decide')}</Link> : null;
  return unsafe ? <Banner kind="warn" title={t('safeMode.title')} actions={decide}>{t('safeMode.text')}</Banner> : null;
}

/** Who comes while the home is set up sees it fill, and why it is not complete. */
function StartingBanner() {
  const { t } = useTranslation('app');
  const state = useHomeConfig()?.state;
  return state === 'NOT_RUNNING' || state === 'STARTING' ? <Banner title={t('starting.title')}>{t('starting.text')}</Banner> : null;
}

function PageRoutes() {
  const { t } = useTranslation('app');
  const user = useUser();
  const [location] = useLocation();
  return (
    <ErrorBoundary place={location}>
      <Suspense fallback={<SkeletonPage />}>
        <Switch>
          {pages.flatMap((page) =>
            page.paths.map((path) => (
              <Route key={path} path={path}>
                {mayOpen(page, user) ? <page.component /> : <EmptyState title={t('forbidden.title')} text={t('forbidden.text')} />}
              </Route>
            )),
          )}
          <Route>
            <EmptyState title={t('missing.title')} text={t('missing.text')}>
              <Link href="/">{t('missing.home')}</Link>
            </EmptyState>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

export default function Shell({ onLeft }: { onLeft: () => void }) {
  const { t } = useTranslation('app');
  const user = useUser();
  const config = useHomeConfig();
  const [location] = useLocation();
  const [narrow, setNarrow] = useState(() => localStorage.getItem(RAIL_KEY) === 'narrow');
  const [drawer, setDrawer] = useState(false);
  useStoredTheme();
  const writing = useStoredFormats();

  const shown = pages.filter((page) => page.nav && mayOpen(page, user));
  const bar = shown.filter((page) => page.nav?.bar !== undefined).sort((a, b) => a.nav!.bar! - b.nav!.bar!).slice(0, 4);
  const home = config?.location_name || 'Marge';

  useEffect(() => {
    scrollTo(0, 0);
  }, [location]);

  return (
    <div className={`${styles.shell} ${narrow ? styles.narrow : ''}`}>
      <a className={styles.skip} href="#page">
        {t('skip')}
      </a>
      <aside className={styles.rail}>
        <Link href="/" className={styles.brand} aria-label={home}>
          <img src="/icons/logo.svg" width="36" height="36" alt="" />
          <span className={styles.linkText}>{home}</span>
        </Link>
        <SearchButton compact={narrow} />
        <nav className={styles.nav} aria-label={t('navigation')}>
          <Links shown={shown} compact={narrow} />
        </nav>
        <div className={styles.foot}>
          <UserMenu onLeft={onLeft} />
          <IconButton
            label={t(narrow ? 'rail.widen' : 'rail.narrow')}
            icon={narrow ? mdiChevronDoubleRight : mdiChevronDoubleLeft}
            onPress={() => {
              setNarrow(!narrow);
              localStorage.setItem(RAIL_KEY, narrow ? 'wide' : 'narrow');
            }}
          />
        </div>
      </aside>
      <main className={styles.main} id="page" tabIndex={-1}>
        <ConnectionBanner />
        <StartingBanner />
        <SafeModeBanner />
        <PageRoutes key={writing} />
      </main>
      <nav className={styles.bar} aria-label={t('navigation')}>
        {bar.map((page) => (
          <NavLink key={page.name} page={page} />
        ))}
        <button type="button" className={styles.link} aria-haspopup="dialog" aria-expanded={drawer} onClick={() => setDrawer(true)}>
          <Icon path={mdiDotsHorizontal} />
          <span className={styles.linkText}>{t('more')}</span>
        </button>
      </nav>
      <ModalOverlay isOpen={drawer} onOpenChange={setDrawer} isDismissable className={styles.scrim!}>
        <Modal className={styles.drawer!}>
          <Dialog aria-label={t('navigation')} className={styles.drawerInside!}>
            <div className={styles.drawerHead}>
              <img src="/icons/logo.svg" width="32" height="32" alt="" />
              <strong>{home}</strong>
              <IconButton label={t('close')} icon={mdiClose} onPress={() => setDrawer(false)} />
            </div>
            <SearchButton onGo={() => setDrawer(false)} />
            <nav className={styles.nav} aria-label={t('navigation')}>
              <Links shown={shown} onGo={() => setDrawer(false)} />
            </nav>
            <UserMenu onLeft={onLeft} />
          </Dialog>
        </Modal>
      </ModalOverlay>
      <MoreInfoHost />
      <QuickBarHost />
    </div>
  );
}
