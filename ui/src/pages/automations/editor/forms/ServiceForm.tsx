import { useMemo } from 'react';
import { mdiClose, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ComboBox, Icon, IconButton, Menu, TargetField, TextField } from '@/components';
import { useServices, useSession } from '@/data/hooks';
import type { ServiceField, Target } from '@/data/types';
import type { FormProps } from '../../kinds/kind';
import { serviceOf, useSay } from '../../kinds/say';
import { asList, idsOf, isRecord, type Piece } from '../../model/types';
import { Value } from '../FieldsForm';
import styles from './forms.module.css';
import { withEntry } from './parts';

interface Filter {
  supported_features?: number[];
  attribute?: Record<string, unknown[]>;
}

/** Groups of fields laid out. */
function flat(fields: Record<string, ServiceField>): [string, ServiceField][] {
  return Object.entries(fields).flatMap(([name, field]) => (field.fields ? flat(field.fields) : [[name, field] as [string, ServiceField]]));
}

/** What a call asks of a field's entities; without entities every field fits. */
function useFits(entityIds: readonly string[]): (field: ServiceField) => boolean {
  const { entities } = useSession();
  return (field) => {
    const filter = (field as { filter?: Filter }).filter;
    const known = entityIds.map((id) => entities.get(id)).filter((entity) => entity !== undefined);
    if (!filter || known.length === 0) return true;
    return known.some(({ attributes }) => {
      const features = attributes.supported_features ?? 0;
      if (filter.supported_features?.some((bits) => (features & bits) === bits)) return true;
      return Object.entries(filter.attribute ?? {}).some(([name, wanted]) => asList(attributes[name]).some((each) => wanted.includes(each)));
    });
  };
}

/** A service, what it acts on, and its details: those that are needed or set, and a menu of the others. */
export function ServiceForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  const services = useServices();
  const say = useSay();
  const service = serviceOf(services, piece.action);
  const options = useMemo(
    () => Object.entries(services).flatMap(([domain, inside]) => Object.keys(inside).map((name) => ({ value: `${domain}.${name}`, label: say.service(`${domain}.${name}`), text: `${domain}.${name}` }))).sort((a, b) => a.label.localeCompare(b.label)),
    [services, say],
  );
  // `entity_id` beside the action is the older way to name the target.
  const target: Target = { ...(isRecord(piece.target) ? piece.target : {}), ...(piece.entity_id === undefined ? {} : { entity_id: idsOf(piece.entity_id) }) };
  const data = isRecord(piece.data) ? piece.data : {};
  const fits = useFits(idsOf(target.entity_id));
  const fields = service ? flat(service.fields) : [];
  const shown = fields.filter(([name, field]) => name in data || (field.required ?? false));
  const left = fields.filter(([name, field]) => !(name in data) && !field.required && fits(field));
  const unknown = Object.keys(data).filter((key) => !fields.some(([name]) => name === key));
  const domains = targetDomains(service?.target);

  const setData = (name: string, value: unknown) => change(withData(piece, withEntry(data, name, value ?? undefined)), `data ${name}`);
  const add = (name: string, field: ServiceField) => change(withData(piece, { ...data, [name]: startOf(field) }));
  const remove = (name: string) => change(withData(piece, withEntry(data, name, undefined)));
  return (
    <div className={styles.form}>
      <ComboBox label={t('actions.service.fields.action')} required options={options} custom value={typeof piece.action === 'string' ? piece.action : null} onChange={(action) => change({ ...piece, action }, 'action')}
        {...(service?.description ? { hint: service.description } : {})} />
      {piece.action !== '' && !service && Object.keys(services).length > 0 && <p className={styles.hint}>{t('actions.service.unknown', { name: String(piece.action as string) })}</p>}
      {(service?.target || Object.keys(target).length > 0) && (
        <TargetField
          label={t('actions.service.fields.target')}
          value={target}
          {...(domains ? { filter: { domains } } : {})}
          onChange={(next) => {
            const { entity_id: _older, ...rest } = piece;
            change(withEntry(rest, 'target', Object.keys(next).length ? next : undefined), 'target');
          }}
        />
      )}
      {shown.map(([name, field]) => (
        <div key={name} className={styles.field}>
          <Value label={field.name ?? name} hint={field.description} selector={field.selector ?? { object: {} }} required={field.required} value={data[name]} onChange={(value) => setData(name, value)} />
          {!field.required && <IconButton label={t('actions.service.without', { name: field.name ?? name })} icon={mdiClose} onPress={() => remove(name)} />}
        </div>
      ))}
      {unknown.map((name) => (
        <div key={name} className={styles.field}>
          <Value label={name} selector={{ object: {} }} value={data[name]} onChange={(value) => setData(name, value)} />
          <IconButton label={t('actions.service.without', { name })} icon={mdiClose} onPress={() => remove(name)} />
        </div>
      ))}
      {left.length > 0 && (
        <div>
          <Menu label={t('actions.service.add')} entries={left.map(([name, field]) => ({ id: name, label: field.name ?? name, run: () => add(name, field) }))}>
            <Icon path={mdiPlus} size={18} />
            {t('actions.service.add')}
          </Menu>
        </div>
      )}
      {(service?.response || piece.response_variable !== undefined) && (
        <TextField label={t('actions.service.fields.response_variable')} hint={t('actions.service.responseHint')} value={String((piece.response_variable as string | undefined) ?? '')} onChange={(value) => change(withEntry(piece, 'response_variable', value), 'response_variable')} />
      )}
    </div>
  );
}

function withData(piece: Piece, data: Record<string, unknown>): Piece {
  return withEntry(piece, 'data', Object.keys(data).length ? data : undefined);
}

/** What a field holds when it is added: its example, or the least that its control can show. */
function startOf(field: ServiceField): unknown {
  if (field.default !== undefined) return field.default;
  const [kind, config]: [string, Record<string, unknown> | null] = Object.entries(field.selector ?? {})[0] ?? ['text', null];
  if (kind === 'number') return typeof config?.min === 'number' ? (typeof config.max === 'number' ? Math.round((config.min + config.max) / 2) : config.min) : 0;
  if (kind === 'boolean') return true;
  if (kind === 'color_rgb') return [255, 180, 100];
  if (kind === 'color_temp') return config?.unit === 'kelvin' ? 3000 : 300;
  if (kind === 'object') return {};
  return null;
}

function targetDomains(target: Record<string, unknown> | null | undefined): string[] | undefined {
  const domains = asList(target?.entity).flatMap((each) => (isRecord(each) ? asList(each.domain).map(String) : []));
  return domains.length ? domains : undefined;
}
