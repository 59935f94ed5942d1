/** Instead of an editor: the item is gone, stands in another file, or could not be loaded. */

import { mdiAlertCircleOutline, mdiFileDocumentOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button, EmptyState } from '@/components';
import { useUser } from '@/data/hooks';
import type { ApiError } from '@/data/session';

interface Props {
  error: ApiError;
  /** What is said when there is no such item. */
  title: string;
  text: string;
  list: string;
  onAgain: () => void;
}

/** `… stands in packages/hall.yaml:12; change it there`. */
const PLACE = /stands in (.+):(\d+);/;

export function NotThere({ error, title, text, list, onAgain }: Props) {
  const { t } = useTranslation('automations');
  const [, navigate] = useLocation();
  const user = useUser();
  const toList = <Button onPress={() => navigate(list)}>{t('gone.back')}</Button>;
  const place = error.code === '409' ? PLACE.exec(error.message) : null;
  if (place) {
    const [, file = '', line = ''] = place;
    return (
      <EmptyState icon={mdiFileDocumentOutline} title={t('byHand.title')} text={t('byHand.text', { file, line })}>
        {toList}
        {user.is_owner && (
          <Button kind="primary" onPress={() => navigate(`/settings/files/${file}?line=${line}`)}>
            {t('byHand.open')}
          </Button>
        )}
      </EmptyState>
    );
  }
  const isGone = error.code === '404';
  return (
    <EmptyState icon={mdiAlertCircleOutline} title={isGone ? title : t('failed')} text={isGone ? text : error.message}>
      {toList}
      {!isGone && (
        <Button kind="primary" onPress={onAgain}>
          {t('again')}
        </Button>
      )}
    </EmptyState>
  );
}
