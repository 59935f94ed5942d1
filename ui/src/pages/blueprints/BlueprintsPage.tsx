/** Blueprints: automations and scripts with holes that others made. List, import, use, delete. */

import { useState } from 'react';
import { mdiDelete, mdiDownload, mdiLinkVariant, mdiPaletteSwatchOutline, mdiPlus, mdiRobotOutline, mdiScriptTextOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, ConfirmDialog, EmptyState, Menu, PageHeader, SearchField, Skeleton } from '@/components';
import { useCommand, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { BlueprintMetadata, Blueprints } from '../automations/editor/BlueprintForm';
import { keepStart } from '../automations/editor/start';
import listStyles from '../automations/list/list.module.css';
import type { Domain } from '../automations/model/types';
import { ImportDialog } from './ImportDialog';
import styles from './blueprints.module.css';

interface Item {
  domain: Domain;
  path: string;
  metadata: BlueprintMetadata | null;
  error: string | null;
}

const itemsOf = (domain: Domain, found: Blueprints | undefined): Item[] =>
  Object.entries(found ?? {}).map(([path, each]) => ({ domain, path, metadata: 'metadata' in each ? each.metadata : null, error: 'error' in each ? each.error : null }));

export default function BlueprintsPage() {
  const { t } = useTranslation('blueprints');
  const automations = useCommand<Blueprints>('blueprint/list', { domain: 'automation' });
  const scripts = useCommand<Blueprints>('blueprint/list', { domain: 'script' });
  const [importing, setImporting] = useState(false);
  const [search, setSearch] = useState('');
  const error = automations.error ?? scripts.error;
  const reload = () => {
    automations.reload();
    scripts.reload();
  };
  const items = [...itemsOf('automation', automations.data), ...itemsOf('script', scripts.data)];
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = items
    .filter((item) => words.every((word) => `${item.metadata?.name ?? ''} ${item.path} ${item.metadata?.description ?? ''}`.toLowerCase().includes(word)))
    .toSorted((a, b) => (a.metadata?.name ?? a.path).localeCompare(b.metadata?.name ?? b.path));
  const add = (
    <Button kind="primary" icon={mdiDownload} onPress={() => setImporting(true)}>
      {t('import')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={add} />
      {error && (
        <Banner kind="error" title={t('failed')} actions={<Button small onPress={reload}>{t('again')}</Button>}>
          {error.message}
        </Banner>
      )}
      {!automations.data && !error ? (
        <div className={listStyles.cards} role="status" aria-label={t('title')}>
          {[0, 1, 2].map((each) => <Skeleton key={each} height={160} radius="var(--radius)" />)}
        </div>
      ) : items.length === 0 ? (
        <EmptyState icon={mdiPaletteSwatchOutline} title={t('emptyTitle')} text={t('emptyText')}>
          {add}
        </EmptyState>
      ) : (
        <>
          <div className={listStyles.tools}>
            <SearchField label={t('search')} value={search} onChange={setSearch} />
          </div>
          <ul className={listStyles.cards}>
            {shown.map((item) => (
              <li key={`${item.domain}/${item.path}`}>
                <BlueprintCard item={item} onChanged={reload} />
              </li>
            ))}
          </ul>
          {shown.length === 0 && <EmptyState title={t('nothingFits')} />}
        </>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} onDone={reload} />}
    </>
  );
}

function BlueprintCard({ item, onChanged }: { item: Item; onChanged: () => void }) {
  const { t } = useTranslation('blueprints');
  const session = useSession();
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const { domain, path, metadata, error } = item;
  const name = metadata?.name ?? path;
  const use = () => {
    const folder = domain === 'automation' ? 'automations' : 'scripts';
    navigate(`/${folder}/edit/new?from=${keepStart({ alias: '', description: '', use_blueprint: { path, input: {} } })}`);
  };
  const source = metadata?.source_url;
  return (
    <Card
      icon={domain === 'automation' ? mdiRobotOutline : mdiScriptTextOutline}
      title={name}
      actions={
        <Menu
          label={t('more', { name })}
          entries={[
            ...(source && /^https?:/.test(source) ? [{ id: 'source', label: t('source'), icon: mdiLinkVariant, run: () => void open(source, '_blank', 'noopener,noreferrer') }] : []),
            { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, run: () => setDeleting(true) },
          ]}
        />
      }
    >
      <div className={styles.card}>
        {error ? <Banner kind="error" title={t('broken')}>{error}</Banner> : <p className={styles.text}>{metadata?.description ?? ''}</p>}
        <div className={styles.foot}>
          <Chip>{t(`domains.${domain}`)}</Chip>
          {metadata?.author && <span className={listStyles.quiet}>{t('by', { name: metadata.author })}</span>}
          {!error && (
            <Button small icon={mdiPlus} className={styles.use} onPress={use} aria-label={t('useOne', { name })}>
              {t('use')}
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog
        open={deleting}
        title={t('deleteTitle', { name })}
        text={t('deleteText')}
        confirm={t('delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.command('blueprint/delete', { domain, path }).then(
            () => {
              toast.ok(t('deleted', { name }));
              onChanged();
            },
            (problem: unknown) => {
              const { message } = asApiError(problem);
              toast.error(message.includes('in use') ? t('inUse', { name }) : message);
            },
          );
        }}
      />
    </Card>
  );
}
