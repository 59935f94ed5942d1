import { useMemo, useState } from 'react';
import { mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Checkbox, ComboBox, EmptyState, type EntityFilter, SelectorField, Skeleton, TargetField, YamlEditor } from '@/components';
import { asApiError, type Services, type Target, useConnected, useServices, useSession } from '@/data';
import { prettify, useTitles } from '@/data/words';
import styles from '../Tools.module.css';
import { useDraft } from '../useDraft';
import { type Draft, EMPTY, type Field, fieldsOf, firstValue, fromDocument, means, missing, serviceOf, toDocument, unknownKeys } from './draft';

type Outcome = { ok: true; response: unknown; ms: number } | { ok: false; message: string; code: string };

function optionsOf(services: Services, titleOf: (domain: string) => string) {
  return Object.entries(services)
    .flatMap(([domain, all]) => Object.entries(all).map(([name, service]) => ({ value: `${domain}.${name}`, label: service.name ? `${titleOf(domain)}: ${service.name}` : `${domain}.${name}`, text: `${domain}.${name}` })))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function filterOf(target: Record<string, unknown> | null | undefined): EntityFilter {
  const entity = (target?.entity ?? []) as Record<string, unknown> | Record<string, unknown>[];
  const domains = (Array.isArray(entity) ? entity : [entity]).flatMap((each) => each.domain ?? []) as string[];
  return domains.length ? { domains } : {};
}

export default function ActionsTab() {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const connected = useConnected();
  const services = useServices();
  const [draft, setDraft] = useDraft<Draft>('action', EMPTY);
  const [yamlProblem, setYamlProblem] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const titleOf = useTitles();
  const options = useMemo(() => optionsOf(services, titleOf), [services, titleOf]);
  const service = serviceOf(services, draft.action);
  const fields = useMemo(() => fieldsOf(service), [service]);
  const lacking = missing(draft, fields);
  const unknown = unknownKeys(draft, fields);
  const [typed, setTyped] = useState<unknown>(null);
  // The text stays as it was typed (`service:`, nothing at all) while it means the same as the form.
  const document = useMemo(() => (means(typed, draft) ? typed : toDocument(draft)), [typed, draft]);

  const setField = (key: string, value: unknown) => {
    const data = { ...draft.data };
    if (value === undefined) delete data[key];
    else data[key] = value;
    setDraft({ ...draft, data });
  };
  const run = async () => {
    const [domain, ...name] = draft.action.split('.');
    setBusy(true);
    const begun = performance.now();
    try {
      const response = await session.call(domain ?? '', name.join('.'), draft.data, draft.target, Boolean(service?.response));
      setOutcome({ ok: true, response, ms: Math.round(performance.now() - begun) });
    } catch (error) {
      const { message, code } = asApiError(error);
      setOutcome({ ok: false, message, code });
    } finally {
      setBusy(false);
    }
  };

  if (options.length === 0) return <Skeleton height={320} radius="var(--radius)" />;
  return (
    <div className={styles.columns}>
      <Card title={t('actions.form')}>
        <div className={styles.form}>
          <ComboBox label={t('actions.action')} options={options} value={draft.action || null} onChange={(action) => action !== draft.action && setDraft({ action, target: draft.target, data: {} })} />
          {!draft.action && <EmptyState title={t('actions.empty.title')} text={t('actions.empty.text')} />}
          {draft.action && !service && <Banner kind="warn">{t('actions.notThere', { action: draft.action })}</Banner>}
          {service?.description && <p className={styles.quiet}>{service.description}</p>}
          {service?.target && <TargetField label={t('actions.target')} value={draft.target} onChange={(target: Target) => setDraft({ ...draft, target })} filter={filterOf(service.target)} />}
          {fields.map((field) => (
            <FieldRow key={`${draft.action} ${field.key}`} field={field} value={draft.data[field.key]} onChange={(value) => setField(field.key, value)} />
          ))}
          {unknown.length > 0 && <p className={styles.quiet}>{t('actions.onlyYaml', { names: unknown.join(', ') })}</p>}
        </div>
      </Card>
      <div className={styles.stack}>
        <Card title={t('actions.yaml')}>
          <YamlEditor
            label={t('actions.yaml')}
            value={document}
            onValid={setValid}
            onChange={(value) => {
              setTyped(value);
              const read = fromDocument(value);
              setYamlProblem('problem' in read ? read.problem : null);
              if ('draft' in read) setDraft(read.draft);
            }}
          />
          {yamlProblem && <p role="alert" className={styles.wrong}>{t(`actions.problem.${yamlProblem}`)}</p>}
          <div className={styles.foot}>
            {lacking.length > 0 && <span className={styles.quiet}>{t('actions.missing', { names: lacking.map((field) => field.name ?? field.key).join(', ') })}</span>}
            <Button kind="primary" icon={mdiPlay} busy={busy} isDisabled={!connected || !valid || yamlProblem !== null || !draft.action.includes('.')} onPress={() => void run()}>
              {t('actions.run')}
            </Button>
          </div>
        </Card>
        {outcome && (
          <div role="status">
            {!outcome.ok ? (
              <Banner kind="error" title={t('actions.failed')}>
                {outcome.message} <code>{outcome.code}</code>
              </Banner>
            ) : outcome.response == null ? (
              <Banner kind="ok">{t('actions.done', { ms: outcome.ms })}</Banner>
            ) : (
              <Card title={t('actions.response')}>
                <p className={styles.quiet}>{t('actions.done', { ms: outcome.ms })}</p>
                <YamlEditor label={t('actions.response')} value={outcome.response} onChange={() => undefined} readOnly />
              </Card>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

/** A required field as it is; an optional one behind a tick, so that what is not ticked is not sent. */
function FieldRow({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const label = field.name ?? prettify(field.key);
  const control = <SelectorField label={label} hint={field.description} selector={field.selector} value={value} onChange={onChange} required={field.required ?? false} />;
  if (field.required) return control;
  const included = value !== undefined;
  return (
    <div className={styles.optional}>
      <Checkbox label={label} value={included} onChange={(on) => onChange(on ? firstValue(field) : undefined)} {...(included ? {} : { hint: field.description })} />
      {included && <div className={styles.inside}>{control}</div>}
    </div>
  );
}
