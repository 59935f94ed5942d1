import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog } from '@/components';
import { diffLines, withContext } from './diff';
import styles from './Files.module.css';

interface Props {
  mine: string;
  /** null: the file is gone. */
  theirs: { text: string } | null;
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
  onClose: () => void;
}

const SIGNS = { same: ' ', mine: '+', theirs: '−', skipped: '…' };

/** Somebody else has saved the file meanwhile: what differs, and whose text shall stay. */
export function Conflict({ mine, theirs, busy, onMine, onTheirs, onClose }: Props) {
  const { t } = useTranslation('settings');
  const lines = useMemo(() => (theirs ? withContext(diffLines(theirs.text, mine)) : []), [mine, theirs]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('files.conflict.title')}
      size="large"
      dismissable={false}
      footer={
        <>
          <Button onPress={onClose}>{t('files.conflict.back')}</Button>
          {theirs && <Button onPress={onTheirs}>{t('files.conflict.theirs')}</Button>}
          <Button kind="danger" busy={busy} onPress={onMine}>
            {t(theirs ? 'files.conflict.mine' : 'files.conflict.anew')}
          </Button>
        </>
      }
    >
      <p className={styles.text}>{t(theirs ? 'files.conflict.text' : 'files.conflict.gone')}</p>
      {theirs && (
        <ol className={styles.diff} aria-label={t('files.conflict.difference')}>
          {lines.map((line, index) => (
            <li key={`${index} ${line.kind}`} className={styles[line.kind]}>
              <span aria-hidden="true">{SIGNS[line.kind]}</span>
              {line.kind !== 'same' && line.kind !== 'skipped' && <span className="visually-hidden">{t(`files.conflict.only.${line.kind}`)}</span>}
              <code>{line.kind === 'skipped' ? t('files.conflict.skipped', { count: Number(line.text) }) : line.text || ' '}</code>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
