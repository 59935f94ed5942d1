/** How runs of the whole behave: mode, limits, variables, traces. */

import { useTranslation } from 'react-i18next';
import { Card, NumberField, Select, YamlEditor } from '@/components';
import { isRecord, type Config } from '../model/types';
import { useEditor } from './context';
import bodyStyles from './PieceBody.module.css';
import formStyles from './forms/forms.module.css';
import { withEntry } from './forms/parts';

const MODES = ['single', 'restart', 'queued', 'parallel'];
const LOUDNESS = ['silent', 'info', 'warning', 'error'];

export function RunOptions({ config }: { config: Config }) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const mode = typeof config.mode === 'string' ? config.mode : 'single';
  const set = (key: string, value: unknown) => api.edit((now) => withEntry(now, key, value), key);
  const trace = isRecord(config.trace) ? config.trace : {};
  return (
    <Card title={t('mode.title')}>
      <div className={formStyles.form}>
        <div className={formStyles.columns}>
          <Select
            label={t('mode.label')}
            hint={t(`mode.${mode}.text`)}
            options={MODES.map((value) => ({ value, label: t(`mode.${value}.title`), text: t(`mode.${value}.text`) }))}
            value={mode}
            onChange={(value) => api.edit((now) => ({ ...now, mode: value }))}
          />
          {(mode === 'queued' || mode === 'parallel') && (
            <NumberField label={t(`mode.max.${mode}`)} hint={t('mode.max.hint')} min={2} step={1} value={typeof config.max === 'number' ? config.max : 10} onChange={(value) => set('max', value ?? undefined)} />
          )}
        </div>
        <details className={bodyStyles.options} open={config.variables !== undefined || config.trigger_variables !== undefined || undefined}>
          <summary>{t('mode.more')}</summary>
          <div className={formStyles.columns}>
            <Select
              label={t('mode.exceeded')}
              options={LOUDNESS.map((value) => ({ value, label: t(`mode.loudness.${value}`) }))}
              value={String((config.max_exceeded as string | undefined) ?? 'warning').toLowerCase()}
              onChange={(value) => set('max_exceeded', value === 'warning' ? undefined : value)}
            />
            <NumberField label={t('mode.traces')} hint={t('mode.tracesHint')} min={0} max={100} step={1} value={Number(trace.stored_traces ?? 5)} onChange={(value) => set('trace', value === null || value === 5 ? undefined : { ...trace, stored_traces: value })} />
          </div>
          <YamlEditor label={t('mode.variables')} value={config.variables} onChange={(value) => set('variables', isRecord(value) && Object.keys(value).length ? value : undefined)} />
          <p className={formStyles.hint}>{t('mode.variablesHint')}</p>
          {config.trigger_variables !== undefined && <YamlEditor label={t('mode.triggerVariables')} value={config.trigger_variables} onChange={(value) => set('trigger_variables', value ?? undefined)} />}
        </details>
      </div>
    </Card>
  );
}
