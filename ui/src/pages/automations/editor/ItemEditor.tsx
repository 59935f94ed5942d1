/** The editor of an automation or a script: form and YAML in step, undo, drafts, checks, saving. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { mdiCodeBraces, mdiContentSave, mdiRedo, mdiUndo } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, FilterChip, IconButton, PageHeader, RelativeTime, TextField } from '@/components';
import { useConnected } from '@/data/hooks';
import { type ApiError, asApiError } from '@/data/session';
import type { Version } from '../model/history';
import { asList, type Config, type Domain, isRecord, PARTS, type Piece } from '../model/types';
import { BlueprintForm } from './BlueprintForm';
import { EditorContext } from './context';
import { DragArea } from './DragArea';
import { withEntry } from './forms/parts';
import { LeaveGuard } from './LeaveGuard';
import { PieceList } from './PieceList';
import { RunOptions } from './RunOptions';
import { type Item, useItem } from './useItem';
import { useChecked } from './useChecked';
import { useWide } from './useWide';
import { YamlPane } from './YamlPane';
import styles from './ItemEditor.module.css';

export interface ItemEditorProps {
  domain: Domain;
  /** What the server has; for a new one what it begins with. */
  initial: Version;
  isNew: boolean;
  draftKey: string;
  back: string;
  /** Fails with an `ApiError`. What it gives is done once the editor knows that all is saved. */
  save: (version: Version) => Promise<void | (() => void)>;
  /** Somebody else has deleted it while it is open. */
  isGone?: boolean;
  /** At the end of the title's line, and above the form. */
  actions?: (item: Item) => ReactNode;
  /** After name and description. */
  details?: (config: Config) => ReactNode;
}

const YAML_KEY = 'marge_yaml_beside';

export function ItemEditor({ domain, initial, isNew, draftKey, back, save: send, isGone = false, actions, details }: ItemEditorProps) {
  const { t } = useTranslation('automations');
  const connected = useConnected();
  const wide = useWide(1180);
  const item = useItem(domain, initial, draftKey, isNew);
  const { state, api, dirty } = item;
  const { now } = state;
  const [yaml, setYaml] = useState(() => localStorage.getItem(YAML_KEY) === 'yes');
  const [tab, setTab] = useState('form');
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [nameMissing, setNameMissing] = useState(false);
  useChecked(domain, now.config, api.problems);

  const refusedLine = isRecord(refused?.body) && typeof refused.body.line === 'number' ? refused.body.line : null;
  const title = typeof now.config.alias === 'string' && now.config.alias ? now.config.alias : t(`${domain}.unnamed`);
  const canSave = connected && (dirty || isGone) && now.mistake === null && !saving;

  const store = async (): Promise<boolean> => {
    if (!now.config.alias) {
      setNameMissing(true);
      setTab('form');
      return false;
    }
    setSaving(true);
    setRefused(null);
    try {
      const after = await send(now);
      item.saved(now);
      after?.();
      return true;
    } catch (error) {
      setRefused(asApiError(error));
      return false;
    } finally {
      setSaving(false);
    }
  };

  const { undo, redo } = item;
  const save = useRef<() => void>(() => undefined);
  useEffect(() => {
    save.current = () => {
      if (canSave) void store();
    };
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 's') {
        event.preventDefault();
        save.current();
        return;
      }
      const inText = event.composedPath().some((each) => each instanceof HTMLElement && (each.isContentEditable || /^(input|textarea)$/i.test(each.tagName)));
      if (inText) return; // a text field has its own undo
      if (key === 'z' && !event.shiftKey) undo();
      else if (key === 'y' || (key === 'z' && event.shiftKey)) redo();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [undo, redo]);

  const steps = (
    <>
      <IconButton label={t('undo')} icon={mdiUndo} isDisabled={state.past.length === 0} onPress={undo} />
      <IconButton label={t('redo')} icon={mdiRedo} isDisabled={state.future.length === 0} onPress={redo} />
    </>
  );
  return (
    <EditorContext value={api}>
      <PageHeader
        title={title}
        back={back}
        actions={
          <>
            {wide && steps}
            {wide && (
              <IconButton
                label={t('yaml.beside')}
                icon={mdiCodeBraces}
                pressed={yaml}
                onPress={() => {
                  localStorage.setItem(YAML_KEY, yaml ? 'no' : 'yes');
                  setYaml(!yaml);
                }}
              />
            )}
            {actions?.(item)}
            <Button kind="primary" icon={mdiContentSave} busy={saving} isDisabled={!canSave} onPress={() => void store()}>
              {t(dirty || isNew || isGone ? 'save' : 'isSaved')}
            </Button>
          </>
        }
      />
      <div className={styles.banners}>
        {item.draftFrom !== null && state.past.length <= 1 && (
          <Banner kind="info" title={t('draft.title')} actions={<Button small onPress={item.revert}>{t('draft.discard')}</Button>}>
            <RelativeTime at={item.draftFrom} />
          </Banner>
        )}
        {isGone && (
          <Banner kind="warn" title={t('deletedMeanwhile.title')}>
            {t('deletedMeanwhile.text')}
          </Banner>
        )}
        {refused && (
          <Banner kind="error" title={t('refused')}>
            {refusedLine !== null && <strong>{t('yaml.line', { line: refusedLine })} </strong>}
            {refused.message.replace(/^Message malformed: /, '')}
          </Banner>
        )}
        {now.mistake && (
          <Banner kind="warn" title={t('yaml.mistake', { line: now.mistake.line })} actions={<Button small onPress={undo}>{t('undo')}</Button>}>
            {now.mistake.text}
          </Banner>
        )}
      </div>
      {!wide && (
        <div className={styles.views} role="group" aria-label={t('views')}>
          <FilterChip selected={tab === 'form'} onChange={() => setTab('form')}>{t('formTab')}</FilterChip>
          <FilterChip selected={tab === 'yaml'} onChange={() => setTab('yaml')}>{t('yaml.tab')}</FilterChip>
          <span className={styles.steps}>{steps}</span>
        </div>
      )}
      <DragArea>
        {/* The same elements in every width: what is open in them stays when the window changes. */}
        <div className={wide && yaml ? styles.split : styles.single}>
          <div className={styles.form} inert={now.mistake !== null} hidden={!wide && tab === 'yaml'}>
            <Form domain={domain} config={now.config} api={api} nameMissing={nameMissing && !now.config.alias} details={details} />
          </div>
          {(wide ? yaml : tab === 'yaml') && <YamlPane version={now} onType={item.type} />}
        </div>
      </DragArea>
      <LeaveGuard dirty={dirty} canSave={canSave} onSave={store} onDiscard={item.revert} />
    </EditorContext>
  );
}

interface FormProps {
  domain: Domain;
  config: Config;
  api: Item['api'];
  nameMissing: boolean;
  details: ItemEditorProps['details'];
}

function Form({ domain, config, api, nameMissing, details }: FormProps) {
  const { t } = useTranslation('automations');
  const set = (key: string) => (value: string) => api.edit((now) => (key === 'alias' ? { ...now, alias: value } : withEntry(now, key, value)), key);
  return (
    <>
      <Card>
        <div className={styles.about}>
          <TextField label={t('name')} required value={String((config.alias as string | undefined) ?? '')} onChange={set('alias')} error={nameMissing ? t('nameMissing') : null} placeholder={t(`${domain}.namePlaceholder`)} />
          <TextField label={t('description')} value={String((config.description as string | undefined) ?? '')} onChange={set('description')} />
        </div>
        {details?.(config)}
      </Card>
      {'use_blueprint' in config ? (
        <BlueprintForm domain={domain} config={config} />
      ) : (
        <>
          {PARTS[domain].map(({ key, role }) => (
            <section key={key} className={styles.part} aria-labelledby={`part-${key}`}>
              <h2 id={`part-${key}`}>{t(`parts.${key}.title`)}</h2>
              <p className={styles.partText}>{t(`parts.${key}.text`)}</p>
              <PieceList path={[key]} holds={role} pieces={asList<Piece>(config[key])} label={t(`parts.${key}.title`)} />
            </section>
          ))}
          <RunOptions config={config} />
        </>
      )}
    </>
  );
}
