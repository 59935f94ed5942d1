/**
 * A flow of the server in a dialog: forms and menus one after another, until something was made or changed.
 *
 * `kind="config"`: `handler` is an integration's domain. `kind="options"`: `handler` is the id of an entry, `domain` its integration.
 * `kind="repair"`: `handler` is an issue's domain, `begin` has its `issue_id`, `textKey` is its `translation_key`.
 */

import { useEffect, useRef, useState } from 'react';
import { mdiChevronRight } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useConnected, useSession } from '@/data/hooks';
import { ApiError, asApiError, plainly } from '@/data/session';
import { prettify } from '@/data/words';
import { Banner } from './Banner';
import { Button } from './Button';
import { beginning, type FlowField, type FlowStep, flowText, type FlowTexts, missing, selectorOf, toSend } from './configFlow';
import styles from './ConfigFlow.module.css';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Markdown } from './Markdown';
import { SelectorField } from './SelectorField';
import { Skeleton } from './Skeleton';
import { Spinner } from './Spinner';

interface Props {
  kind: 'config' | 'options' | 'repair';
  handler: string;
  domain: string;
  title: string;
  /** More for the first question: `entry_id` to set an entry up anew, `issue_id`. */
  begin?: Readonly<Record<string, unknown>>;
  /** A flow that has begun already (something was discovered): gone on with, and left waiting when the dialog closes. */
  flowId?: string;
  textKey?: string;
  onClose: () => void;
  /** It is finished; of a new entry its id. */
  onDone: (entryId: string | null) => void;
}

const PATHS = { config: '/api/config/config_entries/flow', options: '/api/config/config_entries/options/flow', repair: '/api/repairs/issues/fix' };
/** How often a step that waits for something is asked whether it is over. */
const PROGRESS_MS = 1500;

export function ConfigFlow({ kind, handler, domain, title, begin: more, flowId, textKey, onClose, onDone }: Props) {
  const { t } = useTranslation('components');
  const session = useSession();
  const connected = useConnected();
  const [step, setStep] = useState<FlowStep | null>(null);
  const [texts, setTexts] = useState<FlowTexts>({});
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const flow = useRef<string | null>(null);
  const path = PATHS[kind];
  const body = JSON.stringify({ handler, ...(kind === 'repair' ? {} : { show_advanced_options: true }), ...more });

  const show = (next: FlowStep) => {
    flow.current = next.type === 'create_entry' || next.type === 'abort' ? null : next.flow_id;
    setStep(next);
    setErrors(next.errors ?? {});
    // A form that comes back with an error keeps what was typed.
    if (next.type === 'form' && !(next.errors && Object.keys(next.errors).length)) setValues(beginning(next.data_schema ?? []));
    if (next.type === 'create_entry') onDone(typeof next.result === 'object' ? next.result.entry_id : null);
  };
  const shown = useRef(show);
  useEffect(() => {
    shown.current = show;
  });

  useEffect(() => {
    let wanted = true;
    const begin = async () => {
      const [first, ...found] = await Promise.all([
        flowId ? session.rest<FlowStep>(`${path}/${flowId}`) : session.rest<FlowStep>(path, { method: 'POST', body: JSON.parse(body) as unknown }),
        ...[kind === 'repair' ? 'issues' : kind, 'selector', ...(kind === 'config' ? [] : ['config'])].map((category) => session.command<{ resources: Record<string, string> }>('frontend/get_translations', { language: session.language, category, integration: [domain, 'homeassistant'] })),
      ]);
      if (!wanted) {
        if (!flowId) void session.rest(`${path}/${first.flow_id}`, { method: 'DELETE' }).catch(() => undefined); // it ended by itself
        return;
      }
      setTexts(Object.assign({}, ...found.map((each) => each.resources)) as FlowTexts);
      shown.current(first);
    };
    begin().catch((error: unknown) => wanted && setProblem(asApiError(error).message));
    return () => {
      wanted = false;
      const left = flow.current;
      flow.current = null;
      if (left && !flowId) void session.rest(`${path}/${left}`, { method: 'DELETE' }).catch(() => undefined); // it ended by itself
    };
  }, [session, path, kind, body, domain, flowId]);

  // What goes on elsewhere: look whether it is over.
  const waits = step?.type === 'progress' || step?.type === 'external' ? `${path}/${step.flow_id}` : null;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => {
      session.rest<FlowStep>(waits).then(
        (next) => shown.current(next),
        (error: unknown) => setProblem(asApiError(error).message),
      );
    }, PROGRESS_MS);
    return () => clearInterval(timer);
  }, [session, waits]);

  const send = async (body: Record<string, unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      show(await session.rest<FlowStep>(`${path}/${step!.flow_id}`, { method: 'POST', body }));
    } catch (error) {
      const told = asApiError(error);
      const fields = error instanceof ApiError ? (error.body as { errors?: Record<string, string> } | undefined)?.errors : undefined;
      if (fields) setErrors(fields);
      else setProblem(told.message);
    }
    setBusy(false);
  };

  const base = kind === 'repair' ? `component.${domain}.issues.${textKey ?? ''}.fix_flow` : `component.${domain}.${kind}`;
  const head = step ? `${base}.step.${step.step_id}` : '';
  const text = (key: string) => flowText(texts, key, step?.description_placeholders);
  const wrong = (name: string) => (errors[name] ? (text(`${base}.error.${errors[name]}`) ?? text(`component.${domain}.config.error.${errors[name]}`) ?? plainly(errors[name])) : undefined);
  const fields = step?.type === 'form' ? (step.data_schema ?? []) : [];
  const needed = missing(fields, values);
  const menu = step?.menu_options ? (Array.isArray(step.menu_options) ? step.menu_options.map((id) => [id, text(`${head}.menu_options.${id}`) ?? prettify(id)] as const) : Object.entries(step.menu_options)) : [];

  const field = (each: FlowField, current: Record<string, unknown>, change: (next: Record<string, unknown>) => void, group = '') => {
    if (each.schema) {
      const inside = (current[each.name] ?? {}) as Record<string, unknown>;
      return (
        <details key={each.name} className={styles.group} open={each.expanded !== false}>
          <summary>{text(`${head}.sections.${each.name}.name`) ?? prettify(each.name)}</summary>
          {each.schema.map((inner) => field(inner, inside, (next) => change({ ...current, [each.name]: next }), `sections.${each.name}.`))}
        </details>
      );
    }
    return (
      <SelectorField
        key={each.name}
        label={text(`${head}.${group}data.${each.name}`) ?? prettify(each.name)}
        hint={text(`${head}.${group}data_description.${each.name}`)}
        selector={selectorOf(each, domain, texts)}
        required={each.required ?? false}
        value={current[each.name]}
        error={wrong(each.name)}
        onChange={(value) => change({ ...current, [each.name]: value })}
      />
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={text(`${head}.title`) ?? title}
      dismissable={false}
      footer={
        step?.type === 'form' ? (
          <Button kind="primary" busy={busy} isDisabled={needed.length > 0 || !connected} onPress={() => void send(toSend(fields, values))}>
            {t(step.last_step === false ? 'flow.next' : kind === 'options' ? 'flow.save' : kind === 'repair' ? 'flow.next' : 'flow.finish')}
          </Button>
        ) : step?.type === 'abort' ? (
          <Button onPress={onClose}>{t('close')}</Button>
        ) : undefined
      }
    >
      <div className={styles.form}>
        {problem && <Banner kind="error" title={t('flow.refused')}>{problem}</Banner>}
        {errors.base && <Banner kind="error">{wrong('base')}</Banner>}
        {!step && !problem && <Skeleton height={180} radius="var(--radius-m)" />}
        {step && text(`${head}.description`) && (
          <div className={styles.text}>
            <Markdown text={text(`${head}.description`)!} />
          </div>
        )}
        {step?.type === 'abort' && <p>{text(`component.${step.translation_domain ?? domain}.config.abort.${step.reason}`) ?? text(`${base}.abort.${step.reason}`) ?? step.reason}</p>}
        {step?.type === 'progress' && <Spinner label={t('flow.waiting')} />}
        {step?.type === 'external' && step.url && (
          <a href={step.url} target="_blank" rel="noreferrer noopener" className={styles.choice}>
            {t('flow.elsewhere')}
          </a>
        )}
        {step?.type === 'menu' && (
          <ul className={styles.menu}>
            {menu.map(([id, label]) => (
              <li key={id}>
                <button type="button" className={styles.choice} disabled={busy} onClick={() => void send({ next_step_id: id })}>
                  {label}
                  <Icon path={mdiChevronRight} size={20} />
                </button>
              </li>
            ))}
          </ul>
        )}
        {fields.map((each) => field(each, values, setValues))}
      </div>
    </Dialog>
  );
}
