/** All settings by group, what needs attention first, and a search over everything that can be set. */

import { useState } from 'react';
import { mdiChevronRight, mdiMagnify } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, EmptyState, Icon, PageHeader, SearchField } from '@/components';
import { useUser } from '@/data';
import { findSettings, GROUPS, type Hit, mayOpenSection, type NamedSection, sections } from './sections';
import styles from './Settings.module.css';
import { useAttention } from './useAttention';

function SectionLink({ section, note }: { section: NamedSection; note?: string | undefined }) {
  const { t } = useTranslation('settings');
  return (
    <Link href={section.href} className={styles.tile}>
      <span className={styles.tileIcon}>
        <Icon path={section.icon} />
      </span>
      <span className={styles.tileText}>
        <strong>{t(`sections.${section.name}.title`)}</strong>
        <span>{t(`sections.${section.name}.text`)}</span>
      </span>
      {note && <span className={styles.badge}>{note}</span>}
      <Icon path={mdiChevronRight} size={20} className={styles.tileArrow} />
    </Link>
  );
}

function Hits({ hits }: { hits: readonly Hit[] }) {
  const { t } = useTranslation('settings');
  return (
    <ul className={styles.tiles} aria-label={t('search.results')}>
      {hits.map(({ section, word }) => (
        <li key={`${section.name} ${word}`}>
          {word ? (
            <Link href={section.href} className={styles.tile}>
              <span className={styles.tileIcon}>
                <Icon path={section.icon} />
              </span>
              <span className={styles.tileText}>
                <strong>{word}</strong>
                <span>{t(`sections.${section.name}.title`)}</span>
              </span>
              <Icon path={mdiChevronRight} size={20} className={styles.tileArrow} />
            </Link>
          ) : (
            <SectionLink section={section} />
          )}
        </li>
      ))}
    </ul>
  );
}

export function Overview() {
  const { t } = useTranslation('settings');
  const user = useUser();
  const [typed, setTyped] = useState('');
  const { repairs, updates } = useAttention();
  const mine = sections.filter((section) => mayOpenSection(section, user));
  const hits = findSettings(typed, mine, (name) => ({
    title: t(`sections.${name}.title`),
    text: t(`sections.${name}.text`),
    words: t(`sections.${name}.words`).split(',').map((word) => word.trim()),
  }));
  const notes: Record<string, string | undefined> = {
    repairs: repairs ? String(repairs) : undefined,
    updates: updates ? String(updates) : undefined,
  };
  return (
    <div className={styles.section}>
      <PageHeader title={t('title')}>
        <SearchField label={t('search.label')} value={typed} onChange={setTyped} />
      </PageHeader>
      <p className="visually-hidden" role="status">
        {typed.trim() ? t('search.count', { count: hits.length }) : ''}
      </p>
      {typed.trim() ? (
        hits.length ? <Hits hits={hits} /> : <EmptyState icon={mdiMagnify} title={t('search.none')} text={t('search.noneText')} />
      ) : (
        <>
          {repairs > 0 && (
            <Banner kind="warn" title={t('attention.repairs', { count: repairs })} actions={<Link href="/settings/repairs">{t('attention.look')}</Link>} />
          )}
          {GROUPS.map((group) => {
            const inside = mine.filter((section) => section.group === group);
            return inside.length ? (
              <section key={group} className={styles.group}>
                <h2>{t(`groups.${group}`)}</h2>
                <ul className={styles.tiles}>
                  {inside.map((section) => (
                    <li key={section.name}>
                      <SectionLink section={section} note={notes[section.name]} />
                    </li>
                  ))}
                </ul>
              </section>
            ) : null;
          })}
        </>
      )}
    </div>
  );
}
