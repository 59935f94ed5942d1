/** All settings, or the one that the address names. */

import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { EmptyState, PageHeader, SkeletonPage } from '@/components';
import { useUser } from '@/data';
import { Overview } from './Overview';
import { mayOpenSection, sections } from './sections';
import styles from './Settings.module.css';

export default function SettingsPage() {
  const { t } = useTranslation('settings');
  const user = useUser();
  const [location] = useLocation();
  const name = location.split('/')[2] ?? '';
  if (!name) return <Overview />;
  const section = sections.find((each) => each.name === name && mayOpenSection(each, user));
  if (!section) {
    return (
      <>
        <PageHeader title={t('title')} back="/settings" />
        <EmptyState title={t('missing.title')} text={t('missing.text')}>
          <Link href="/settings">{t('missing.back')}</Link>
        </EmptyState>
      </>
    );
  }
  return (
    <div className={`${styles.section} ${section.wide ? styles.wide : ''}`}>
      <PageHeader title={t(`sections.${name}.title`)} text={t(`sections.${name}.text`)} back="/settings" />
      <Suspense fallback={<SkeletonPage />}>
        <section.component />
      </Suspense>
    </div>
  );
}
