import { useTranslation } from 'react-i18next';
import type { FormProps } from '../../kinds/kind';
import { asList, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';

/** One nested list of actions. */
export function ListForm({ piece, path, name }: FormProps & { name: 'parallel' | 'sequence' }) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.block}>
      <p className={styles.hint}>{t(`actions.${name}.inside`)}</p>
      <PieceList path={[...path, name]} holds="action" pieces={asList<Piece>(piece[name])} label={t(`actions.${name}.title`)} empty={t('lists.noActions')} />
    </div>
  );
}
