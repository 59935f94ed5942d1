import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, DevicePicker, Select, Skeleton } from '@/components';
import { useCommand, useSession } from '@/data/hooks';
import type { Selector } from '@/data/types';
import { prettify } from '@/data/words';
import type { FormProps } from '../../kinds/kind';
import { isRecord, type Piece, type Role } from '../../model/types';
import { Value } from '../FieldsForm';
import styles from './forms.module.css';
import { someTime, withEntry } from './parts';

interface Extra {
  name: string;
  type?: string;
  required?: boolean;
  options?: ([string, string] | string)[];
  selector?: Selector;
  description?: { suffix?: string };
}

const KEPT = ['id', 'alias', 'enabled', 'variables', 'continue_on_error'];
const HEADS: Record<Role, Piece> = { trigger: { trigger: 'device' }, condition: { condition: 'device' }, action: {} };

/** What a device offers is the same thing when all of this is. */
const keyOf = (piece: Piece): string => JSON.stringify([piece.domain, piece.type, piece.subtype ?? null, piece.entity_id ?? null]);

function selectorOf(field: Extra): Selector {
  if (field.selector) return field.selector;
  switch (field.type) {
    case 'positive_time_period_dict':
      return { duration: {} };
    case 'boolean':
      return { boolean: {} };
    case 'float':
    case 'integer':
      return { number: { mode: 'box', step: field.type === 'integer' ? 1 : 'any', unit_of_measurement: field.description?.suffix } };
    case 'select':
      return { select: { options: (field.options ?? []).map((each) => (Array.isArray(each) ? { value: each[0], label: prettify(each[1]) } : { value: each, label: prettify(each) })) } };
    default:
      return { text: {} };
  }
}

/** What happens on, is true of, or is done by a device, as the device offers it. */
export function DeviceForm({ piece, change, what }: FormProps & { what: Role }) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const deviceId = String((piece.device_id as string | undefined) ?? '');
  const { data, error, loading } = useCommand<Piece[]>(deviceId ? `device_automation/${what}/list` : null, { device_id: deviceId });
  const { data: texts } = useCommand<{ resources: Record<string, string> }>('frontend/get_translations', { language: session.language, category: 'device_automation' });
  const chosen = piece.type ? keyOf(piece) : null;
  const asked = piece.type ? { ...HEADS[what], ...piece, ...(what === 'trigger' ? { platform: 'device' } : {}) } : null;
  const { data: can } = useCommand<{ extra_fields?: Extra[] }>(asked ? `device_automation/${what}/capabilities` : null, asked ? { [what]: asked } : {});

  const options = useMemo(() => {
    const several = new Set((data ?? []).map((each) => each.entity_id)).size > 1;
    return (data ?? []).map((each) => {
      const text = texts?.resources[`component.${String(each.domain)}.device_automation.${what}_type.${String(each.type)}`];
      const label = prettify((text ?? String(each.type)).replaceAll(/\{\w+\}/g, '').replaceAll(/^[\s:]+|[\s:]+$/g, '') || String(each.type));
      return { value: keyOf(each), label: each.subtype ? `${label}: ${String(each.subtype as string)}` : label, ...(several ? { text: prettify(String(each.domain)) } : {}) };
    });
  }, [data, texts, what]);

  const kept = Object.fromEntries(KEPT.filter((key) => key in piece).map((key) => [key, piece[key]]));
  const choose = (key: string) => {
    const offered = data?.find((each) => keyOf(each) === key);
    if (!offered) return;
    const { metadata: _metadata, platform: _platform, ...rest } = offered;
    change({ ...HEADS[what], ...kept, ...rest });
  };
  return (
    <div className={styles.form}>
      <DevicePicker label={t('fields.device')} required value={deviceId || null} onChange={(next) => next !== deviceId && change({ ...HEADS[what], ...kept, device_id: next, domain: '', type: '' })} />
      {error && <Banner kind="error" title={t('fields.deviceGone')}>{error.message}</Banner>}
      {deviceId && loading && !data && <Skeleton height={44} />}
      {deviceId && data && (options.length > 0 || chosen !== null) && (
        <Select label={t(`fields.deviceWhat.${what}`)} required options={options} value={chosen} onChange={choose} />
      )}
      {deviceId && data?.length === 0 && <p className={styles.hint}>{t(`fields.deviceNothing.${what}`)}</p>}
      {(can?.extra_fields ?? []).map((field) => (
        <Value
          key={field.name}
          label={t(`fields.extra.${field.name}`, { defaultValue: prettify(field.name) })}
          selector={selectorOf(field)}
          required={field.required}
          value={piece[field.name]}
          onChange={(value) => change(withEntry(piece, field.name, isRecord(value) ? someTime(value) : value), field.name)}
        />
      ))}
    </div>
  );
}
