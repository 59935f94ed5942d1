/** A whole dashboard as YAML. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, YamlEditor } from '@/components';
import { problemOf } from '@/lovelace/model';
import type { DashboardConfig } from '@/lovelace/types';

export function RawDialog({ config, onSave, onClose }: { config: DashboardConfig; onSave: (config: DashboardConfig) => void; onClose: () => void }) {
  const { t } = useTranslation('home');
  const [value, setValue] = useState<unknown>(config);
  const [valid, setValid] = useState(true);
  const problem = valid ? problemOf(value) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      dismissable={false}
      title={t('editor.raw')}
      footer={
        <>
          <Button onPress={onClose}>{t('editor.cancel')}</Button>
          <Button kind="primary" isDisabled={!valid || problem !== null} onPress={() => onSave(value as DashboardConfig)}>
            {t('editor.apply')}
          </Button>
        </>
      }
    >
      {problem && <Banner kind="error">{t('editor.wrongAt', { where: problem })}</Banner>}
      <YamlEditor label={t('editor.raw')} value={value} onChange={setValue} onValid={setValid} height="56dvh" />
    </Dialog>
  );
}
