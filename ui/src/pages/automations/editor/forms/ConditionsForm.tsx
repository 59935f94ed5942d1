import { useTranslation } from 'react-i18next';
import type { FormProps } from '../../kinds/kind';
import { asList, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';

/** The conditions inside "all of", "one of", "none of". */
export function ConditionsForm({ piece, path }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.block}>
      <PieceList path={[...path, 'conditions']} holds="condition" pieces={asList<Piece>(piece.conditions)} label={t(`conditions.${String(piece.condition)}.title`)} empty={t('lists.noConditions')} />
    </div>
  );
}
