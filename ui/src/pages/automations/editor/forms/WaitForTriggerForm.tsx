import { useTranslation } from 'react-i18next';
import { SelectorField, Switch } from '@/components';
import type { FormProps } from '../../kinds/kind';
import { asList, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';
import { someTime, withEntry } from './parts';

export function WaitForTriggerForm({ piece, path, change }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.form}>
      <div className={styles.block}>
        <PieceList path={[...path, 'wait_for_trigger']} holds="trigger" pieces={asList<Piece>(piece.wait_for_trigger)} label={t('actions.wait_for_trigger.title')} empty={t('lists.noTriggers')} />
      </div>
      <SelectorField label={t('fields.timeout')} hint={t('fields.timeoutHint')} selector={{ duration: {} }} value={piece.timeout} onChange={(value) => change(withEntry(piece, 'timeout', someTime(value)), 'timeout')} />
      {piece.timeout !== undefined && <Switch label={t('fields.continueOnTimeout')} value={piece.continue_on_timeout !== false} onChange={(on) => change({ ...piece, continue_on_timeout: on })} />}
    </div>
  );
}
