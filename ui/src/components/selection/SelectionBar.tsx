import type { ReactNode } from 'react';
import { mdiClose } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../Button';
import { Dialog } from '../Dialog';
import styles from './SelectionBar.module.css';
import type { Work } from './useWork';

interface Props<Row> {
  /** How many are selected. */
  count: number;
  work: Work<Row>;
  /** Select none. */
  onClear: () => void;
  /** What can be done with them. */
  children: ReactNode;
}

/** Refusals that are read one by one. */
const SHOWN = 100;

/** Below a list while rows are selected: what can be done with them, how far it is, and at the end who was refused, which is why it stays when none is selected. */
export function SelectionBar<Row extends { name: string }>({ count, work, onClear, children }: Props<Row>) {
  const { t } = useTranslation('components');
  const { progress, refused, forget } = work;
  return (
    <>
      {(count > 0 || progress) && (
        <div className={styles.bar} role="region" aria-label={t('selection.title')}>
          <strong role="status">{progress ? t('selection.progress', progress) : t('selection.chosen', { count })}</strong>
          {children}
          <IconButton icon={mdiClose} label={t('selection.clear')} isDisabled={progress !== null} onPress={onClear} />
        </div>
      )}
      <Dialog open={refused.length > 0} onClose={forget} size="small" role="alertdialog" title={t('selection.refused', { count: refused.length })} footer={<Button onPress={forget}>{t('close')}</Button>}>
        <ul className={styles.refused}>
          {refused.slice(0, SHOWN).map(({ item, message }, index) => (
            <li key={index}>
              <strong>{item.name}</strong>
              <span>{message}</span>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
