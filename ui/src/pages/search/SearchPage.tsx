import { useEffect } from 'react';
import { mdiMagnify } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, PageHeader } from '@/components';
import { openQuickBar } from '@/components/QuickBar/quick';

export default function SearchPage() {
  const { t } = useTranslation('search');
  useEffect(openQuickBar, []);
  return (
    <PageHeader title={t('title')} text={t('text')}>
      <div>
        <Button icon={mdiMagnify} onPress={openQuickBar}>
          {t('label')}
        </Button>
      </div>
    </PageHeader>
  );
}
