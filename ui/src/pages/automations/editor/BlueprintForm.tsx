/** The inputs of the blueprint that an automation or script is made from. */

import { useTranslation } from 'react-i18next';
import { Banner, Card, SelectorField, Skeleton } from '@/components';
import { useCommand } from '@/data/hooks';
import type { Selector } from '@/data/types';
import { type Config, type Domain, isRecord } from '../model/types';
import { useEditor } from './context';
import { Value } from './FieldsForm';
import styles from './forms/forms.module.css';
import { withEntry } from './forms/parts';

export interface BlueprintInput {
  name?: string;
  description?: string;
  default?: unknown;
  selector?: Selector;
  /** A section of inputs. */
  input?: Record<string, BlueprintInput | null>;
  collapsed?: boolean;
}

export interface BlueprintMetadata {
  name: string;
  description?: string;
  domain: string;
  author?: string;
  source_url?: string;
  input?: Record<string, BlueprintInput | null>;
}

export type Blueprints = Record<string, { metadata: BlueprintMetadata } | { error: string }>;

type Inputs = Record<string, BlueprintInput | null>;

export function BlueprintForm({ domain, config }: { domain: Domain; config: Config }) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const used = isRecord(config.use_blueprint) ? config.use_blueprint : {};
  const given = isRecord(used.input) ? used.input : {};
  const path = String((used.path as string | undefined) ?? '');
  const { data, error } = useCommand<Blueprints>('blueprint/list', { domain });
  const found = data?.[path];
  const set = (name: string, value: unknown) =>
    api.edit((now) => {
      const blueprint = isRecord(now.use_blueprint) ? now.use_blueprint : {};
      return { ...now, use_blueprint: { ...blueprint, input: withEntry(isRecord(blueprint.input) ? blueprint.input : {}, name, value) } };
    }, `input ${name}`);

  if (error) return <Banner kind="error" title={t('blueprint.notRead')}>{error.message}</Banner>;
  if (!data) return <Skeleton height={220} radius="var(--radius)" />;
  if (!found || 'error' in found) return <Banner kind="error" title={t('blueprint.gone', { path })}>{found && 'error' in found ? found.error : t('blueprint.goneText')}</Banner>;
  const { metadata } = found;
  const inputs = (from: Inputs) => (
    <div className={styles.form}>
      {Object.entries(from).map(([name, input]) =>
        input?.input ? (
          <fieldset key={name} className={styles.group}>
            <legend>{input.name ?? name}</legend>
            {input.description && <p className={styles.hint}>{input.description}</p>}
            {inputs(input.input)}
          </fieldset>
        ) : (
          <Input key={name} name={name} input={input ?? {}} value={given[name]} onChange={(value) => set(name, value)} />
        ),
      )}
    </div>
  );
  return (
    <Card title={metadata.name}>
      <div className={styles.form}>
        {metadata.description && <p className={styles.hint}>{metadata.description}</p>}
        {metadata.input && Object.keys(metadata.input).length > 0 ? inputs(metadata.input) : <p>{t('blueprint.noInputs')}</p>}
      </div>
    </Card>
  );
}

function Input({ name, input, value, onChange }: { name: string; input: BlueprintInput; value: unknown; onChange: (value: unknown) => void }) {
  const required = input.default === undefined;
  const props = { label: input.name ?? name, hint: input.description, required, value: value ?? input.default, onChange };
  return input.selector ? <Value {...props} selector={input.selector} /> : <SelectorField {...props} selector={{ object: {} }} />;
}
