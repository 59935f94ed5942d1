import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button, Dialog, SelectorField } from '@/components';
import { Markdown } from '@/components/Markdown';
import { type Selector, useConnected, useSession } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { type Issue, type Texts, wordsOf } from './issues';

/** A step of a flow that mends an issue. */
interface Step {
  type: 'form' | 'create_entry' | 'abort' | string;
  flow_id: string;
  step_id?: string;
  reason?: string;
  data_schema?: { name: string; required?: boolean; default?: unknown; selector?: Selector; description?: { suggested_value?: unknown } }[];
  errors?: Record<string, string> | null;
  description_placeholders?: Record<string, string> | null;
}

interface Props {
  /** Undefined: it was mended, or is no longer true. */
  issue: Issue | undefined;
  texts: Texts;
  titleOf: (issue: Issue) => string;
  onClose: () => void;
  onDone: () => void;
}

const FIX = '/api/repairs/issues/fix';
/** Addresses in the frontend of others, and where the same is here. */
const PLACES: Record<string, string> = { 'homeassistant://developer-tools/yaml': '/settings/restart' };

export function IssueDialog({ issue, texts, titleOf, onClose, onDone }: Props) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [step, setStep] = useState<Step | null>(null);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [done, setDone] = useState(false);
  const flowId = step?.type === 'form' ? step.flow_id : null;
  const ended = useRef(false);

  useEffect(() => {
    if (!flowId) return undefined;
    return () => {
      if (!ended.current) void session.rest(`${FIX}/${flowId}`, { method: 'DELETE' }).catch(() => undefined); // forgotten with the server's last start
    };
  }, [flowId, session]);

  const show = (next: Step) => {
    if (next.type !== 'form') ended.current = true;
    setStep(next);
    if (next.type === 'create_entry') {
      setDone(true);
      onDone();
    } else if (next.data_schema && !next.errors) {
      setValues(Object.fromEntries(next.data_schema.map((field) => [field.name, field.description?.suggested_value ?? field.default]).filter(([, value]) => value !== undefined)));
    }
  };
  const begin = () => act(async () => show(await session.rest<Step>(FIX, { method: 'POST', body: { handler: issue?.domain, issue_id: issue?.issue_id } })));
  const send = () => act(async () => show(await session.rest<Step>(`${FIX}/${flowId}`, { method: 'POST', body: values })));
  const ignore = () =>
    act(async () => {
      await session.command('repairs/ignore_issue', { domain: issue?.domain, issue_id: issue?.issue_id, ignore: !issue?.ignored });
      onDone();
      onClose();
    });

  if (done || !issue) {
    return (
      <Dialog open onClose={onClose} title={t('sections.repairs.title')} size="small" footer={<Button kind="primary" onPress={onClose}>{t('close')}</Button>}>
        <Banner kind="ok">{t(done ? 'repairs.mended' : 'repairs.gone')}</Banner>
      </Dialog>
    );
  }
  const place = issue.learn_more_url ? PLACES[issue.learn_more_url] : undefined;
  const inFlow = (part: string) => wordsOf(issue, `fix_flow.${part}`, texts, step?.description_placeholders);
  const form = step?.type === 'form';
  return (
    <Dialog
      open
      onClose={onClose}
      title={(form && inFlow(`step.${step.step_id}.title`)) || titleOf(issue)}
      dismissable={!form}
      footer={
        <>
          {!form && (
            <Button kind="ghost" isDisabled={!connected} onPress={() => void ignore()}>
              {t(issue.ignored ? 'repairs.unignore' : 'repairs.ignore')}
            </Button>
          )}
          <Button onPress={onClose}>{t('close')}</Button>
          {issue.is_fixable && (
            <Button kind="primary" busy={busy} isDisabled={!connected} onPress={() => void (form ? send() : begin())}>
              {t(form ? 'repairs.goOn' : 'repairs.mend')}
            </Button>
          )}
        </>
      }
    >
      <Fields>
        {error && <Banner kind="error">{error.message}</Banner>}
        {step?.type === 'abort' && <Banner kind="error">{inFlow(`abort.${step.reason}`) || step.reason}</Banner>}
        {step?.errors?.base && <Banner kind="error">{inFlow(`error.${step.errors.base}`) || step.errors.base}</Banner>}
        <Markdown text={(form ? inFlow(`step.${step.step_id}.description`) : '') || wordsOf(issue, 'description', texts) || (issue.is_fixable ? t('repairs.canMend') : titleOf(issue))} />
        {form &&
          step.data_schema?.map((field) => {
            const problem = step.errors?.[field.name];
            return (
              <SelectorField
                key={field.name}
                label={inFlow(`step.${step.step_id}.data.${field.name}`) || field.name}
                hint={inFlow(`step.${step.step_id}.data_description.${field.name}`) || undefined}
                selector={field.selector}
                value={values[field.name]}
                required={field.required ?? false}
                error={problem ? inFlow(`error.${problem}`) || problem : undefined}
                onChange={(value) => setValues({ ...values, [field.name]: value })}
              />
            );
          })}
        {place && <Link href={place}>{t('repairs.more')}</Link>}
        {!place && issue.learn_more_url?.startsWith('http') && (
          <a href={issue.learn_more_url} target="_blank" rel="noreferrer">
            {t('repairs.more')}
          </a>
        )}
      </Fields>
    </Dialog>
  );
}
