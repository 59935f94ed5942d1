/** The files of the configuration, and one of them in the editor. */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { mdiFilePlusOutline, mdiFileDocumentEditOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Banner, Button, EmptyState, Skeleton } from '@/components';
import { asApiError, useConnected, useSession } from '@/data';
import { pathsWithDrafts } from './drafts';
import { FileEditor } from './FileEditor';
import styles from './Files.module.css';
import { FileTree } from './FileTree';
import { NewFile } from './NewFile';
import { type ConfigFile, treeOf } from './tree';

const BASE = '/settings/files/';

export default function Files() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const [location, navigate] = useLocation();
  const path = location.startsWith(BASE) ? decodeURIComponent(location.slice(BASE.length)) : '';
  const [files, setFiles] = useState<readonly ConfigFile[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const [drafts, setDrafts] = useState<ReadonlySet<string>>(pathsWithDrafts);
  const tree = useMemo(() => treeOf(files ?? []), [files]);

  const look = useCallback(() => {
    session.rest<{ files: ConfigFile[] }>('/api/config/files').then(
      ({ files: found }) => {
        setFiles(found);
        setProblem(null);
      },
      (refused: unknown) => setProblem(asApiError(refused).message),
    );
  }, [session]);
  useEffect(look, [look, connected]);
  const onDraft = useCallback(() => setDrafts(pathsWithDrafts()), []);

  const open = (next: string) => navigate(BASE + next.split('/').map(encodeURIComponent).join('/'));
  return (
    <div className={styles.place} data-open={path ? '' : undefined}>
      <nav className={styles.side} aria-label={t('files.list')}>
        <Button icon={mdiFilePlusOutline} small isDisabled={!connected} onPress={() => setMaking(true)}>
          {t('files.new')}
        </Button>
        {problem && !files && <Banner kind="error">{problem}</Banner>}
        {files ? <FileTree tree={tree} current={path} drafts={drafts} base={BASE} /> : !problem && <Skeleton height={240} />}
      </nav>
      <div className={styles.main}>
        {path ? (
          <FileEditor key={path} path={path} onDraft={onDraft} onSaved={look} />
        ) : (
          <div className={styles.nothing}>
            <EmptyState icon={mdiFileDocumentEditOutline} title={t('files.choose')} text={t('files.chooseText')} />
          </div>
        )}
      </div>
      {making && (
        <NewFile
          taken={new Set(files?.map((file) => file.path))}
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            look();
            open(made);
          }}
        />
      )}
    </div>
  );
}
