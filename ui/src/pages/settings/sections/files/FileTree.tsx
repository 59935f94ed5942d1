import { mdiFileDocumentOutline, mdiFolderOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon } from '@/components';
import styles from './Files.module.css';
import type { Folder } from './tree';

interface Props {
  tree: Folder;
  current: string;
  /** Files with something typed that is not saved. */
  drafts: ReadonlySet<string>;
  base: string;
}

export function FileTree({ tree, current, drafts, base }: Props) {
  const { t } = useTranslation('settings');
  return (
    <ul className={styles.tree}>
      {tree.files.map((file) => (
        <li key={file.path}>
          <Link href={base + file.path.split('/').map(encodeURIComponent).join('/')} className={`${styles.file} ${file.path === current ? styles.current : ''}`} aria-current={file.path === current ? 'page' : undefined}>
            <Icon path={mdiFileDocumentOutline} size={18} />
            <span>{file.path.split('/').at(-1)}</span>
            {drafts.has(file.path) && (
              <span className={styles.dot} role="img" aria-label={t('files.hasDraft')} title={t('files.hasDraft')}>
                •
              </span>
            )}
          </Link>
        </li>
      ))}
      {tree.folders.map((folder) => (
        <li key={folder.path}>
          <details open={current.startsWith(`${folder.path}/`) || undefined}>
            <summary className={styles.file}>
              <Icon path={mdiFolderOutline} size={18} />
              <span>{folder.name}</span>
            </summary>
            <FileTree tree={folder} current={current} drafts={drafts} base={base} />
          </details>
        </li>
      ))}
    </ul>
  );
}
