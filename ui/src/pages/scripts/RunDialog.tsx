/** Asks for what a script wants to know before it runs. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog } from '@/components';
import { useCall } from '@/data/hooks';
import type { ServiceField } from '@/data/types';
import { Value } from '../automations/editor/FieldsForm';
import formStyles from '../automations/editor/forms/forms.module.css';

interface Props {
  open: boolean;
  name: string;
  /** Of the domain `script`. */
  service: string;
  fields: Record<string, ServiceField>;
  onClose: () => void;
}

export function RunDialog({ open, name, service, fields, onClose }: Props) {
  const { t } = useTranslation('scripts');
  const call = useCall();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const missing = Object.entries(fields).some(([key, field]) => field.required && (values[key] ?? field.default) === undefined);
  const run = () => {
    const data = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, values[key] ?? field.default]).filter(([, value]) => value !== undefined));
    onClose();
    void call('script', service, data);
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('runTitle', { name })}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" isDisabled={missing} onPress={run}>{t('runNow')}</Button>
        </>
      }
    >
      <div className={formStyles.form}>
        {Object.entries(fields).map(([key, field]) => (
          <Value key={key} label={field.name ?? key} hint={field.description} selector={field.selector ?? { text: {} }} required={field.required} value={values[key] ?? field.default} onChange={(value) => setValues({ ...values, [key]: value })} />
        ))}
      </div>
    </Dialog>
  );
}
