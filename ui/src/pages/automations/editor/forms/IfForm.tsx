import { mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components';
import type { FormProps } from '../../kinds/kind';
import { asList, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';
import { withEntry } from './parts';

export function IfForm({ piece, path, change }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.form}>
      <div className={styles.block}>
        <h4>{t('lists.if')}</h4>
        <PieceList path={[...path, 'if']} holds="condition" pieces={asList<Piece>(piece.if)} label={t('lists.if')} empty={t('lists.noConditions')} />
      </div>
      <div className={styles.block}>
        <h4>{t('lists.then')}</h4>
        <PieceList path={[...path, 'then']} holds="action" pieces={asList<Piece>(piece.then)} label={t('lists.then')} empty={t('lists.noActions')} />
      </div>
      {piece.else === undefined ? (
        <div>
          <Button small kind="ghost" icon={mdiPlus} onPress={() => change({ ...piece, else: [] })}>
            {t('lists.addElse')}
          </Button>
        </div>
      ) : (
        <div className={styles.block}>
          <h4>
            {t('lists.else')}
            {asList(piece.else).length === 0 && (
              <Button small kind="ghost" onPress={() => change(withEntry(piece, 'else', undefined))}>
                {t('lists.remove')}
              </Button>
            )}
          </h4>
          <PieceList path={[...path, 'else']} holds="action" pieces={asList<Piece>(piece.else)} label={t('lists.else')} empty={t('lists.noActions')} />
        </div>
      )}
    </div>
  );
}
