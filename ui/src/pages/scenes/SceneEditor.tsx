/** A scene: which entities, and what each is brought to. */

import { useEffect, useState } from 'react';
import { mdiCameraOutline, mdiContentSave, mdiDelete, mdiPlay } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, ConfirmDialog, IconButton, PageHeader, SkeletonPage, TextField } from '@/components';
import { EntityPicker } from '@/components/pickers';
import { useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { draftOf, forgetDraft, keepDraft } from '../automations/editor/drafts';
import { LeaveGuard } from '../automations/editor/LeaveGuard';
import { NotThere } from '../automations/editor/NotThere';
import { useQuestion } from '../automations/editor/useQuestion';
import { useAutomation } from '../automations/list/automations';
import { type Stored, useStored } from '../automations/list/stored';
import { equal } from '../automations/model/sharing';
import { isRecord } from '../automations/model/types';
import { forFile, parse, rewrite, write } from '../automations/model/yamlText';
import { captured, configOf, SCENIC, type Scene, sceneOf, type Wanted } from './scene';
import { SceneEntity } from './SceneEntity';
import styles from './scenes.module.css';

const URL = '/api/config/scene/config/';

export default function SceneEditor({ id }: { id: string }) {
  const [made] = useState(() => String(Date.now()));
  return id === 'new' ? <Editor id={made} initial={{ name: '', entities: {} }} stored={null} /> : <Existing id={id} />;
}

function Existing({ id }: { id: string }) {
  const { t } = useTranslation('scenes');
  const stored = useStored(URL + encodeURIComponent(id), useAutomation(id, 'scene'));
  if (stored.error) return <NotThere error={stored.error} title={t('goneTitle')} text={t('goneText')} list="/scenes" onAgain={stored.reload} />;
  if (stored.text === null) return <SkeletonPage />;
  const read = parse(stored.text).value;
  return <Editor id={id} initial={sceneOf(isRecord(read) ? read : {})} stored={stored} />;
}

function draftScene(key: string): Scene | null {
  const draft = draftOf(key);
  return draft ? (JSON.parse(draft.text) as Scene) : null;
}

function Editor({ id, initial, stored }: { id: string; initial: Scene; stored: Stored | null }) {
  const { t } = useTranslation('scenes');
  const { t: ta } = useTranslation('automations');
  const isNew = stored === null;
  const elsewhere = useQuestion();
  const [text, setText] = useState(stored?.text ?? '');
  const session = useSession();
  const connected = useConnected();
  const [, navigate] = useLocation();
  const key = `scene/${isNew ? 'new' : id}`;
  const [base, setBase] = useState(initial);
  const [scene, setScene] = useState<Scene>(() => draftScene(key) ?? initial);
  const [fromDraft, setFromDraft] = useState(() => draftScene(key) !== null);
  const [saving, setSaving] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [nameMissing, setNameMissing] = useState(false);
  const dirty = !equal(scene, base);
  const ids = Object.keys(scene.entities);

  useEffect(() => {
    if (dirty) keepDraft(key, JSON.stringify(scene));
    else forgetDraft(key);
  }, [key, dirty, scene]);

  const set = (entityId: string, wanted: Wanted | null) => {
    const { [entityId]: _gone, ...rest } = scene.entities;
    setScene({ ...scene, entities: wanted === null ? rest : { ...scene.entities, [entityId]: wanted } });
  };
  const now = (entityId: string): Wanted => {
    const entity = session.entities.get(entityId);
    return entity ? captured(entity) : { state: '' };
  };
  const captureAll = () => setScene({ ...scene, entities: Object.fromEntries(ids.map((each) => [each, session.entities.get(each) ? now(each) : scene.entities[each]!])) });
  const discard = () => {
    setScene(base);
    setFromDraft(false);
    forgetDraft(key);
  };
  const attempt = () =>
    session.call('scene', 'apply', { entities: scene.entities }).then(
      () => toast.ok(t('shown')),
      (problem: unknown) => toast.error(asApiError(problem).message),
    );
  const save = async (): Promise<boolean> => {
    if (!scene.name.trim()) {
      setNameMissing(true);
      return false;
    }
    setSaving(true);
    setError(null);
    try {
      const raw = parse(text).value;
      const next = isRecord(raw) ? rewrite(text, configOf(raw, scene)) : write({ id, ...scene });
      if (stored) await stored.save(next, elsewhere.ask, ta('elsewhere.kept'));
      else await session.rest(`${URL}${id}/yaml`, { method: 'PUT', body: forFile(next) });
      setText(next);
      setBase(scene);
      setFromDraft(false);
      forgetDraft(key);
      toast.ok(t('saved', { name: scene.name }));
      if (isNew) navigate(`/scenes/edit/${id}`, { replace: true });
      return true;
    } catch (problem) {
      setError(asApiError(problem).message.replace(/^Message malformed: /, ''));
      return false;
    } finally {
      setSaving(false);
    }
  };
  const isGone = stored?.isGone === true;
  const canSave = connected && (dirty || isGone) && !saving;

  return (
    <>
      <PageHeader
        title={scene.name || t('unnamed')}
        back="/scenes"
        actions={
          <>
            {!isNew && <IconButton label={t('delete')} icon={mdiDelete} onPress={() => setDeleting(true)} />}
            <Button icon={mdiPlay} isDisabled={ids.length === 0 || !connected} onPress={() => void attempt()}>{t('try')}</Button>
            <Button kind="primary" icon={mdiContentSave} busy={saving} isDisabled={!canSave} onPress={() => void save()}>{t(dirty || isNew || isGone ? 'save' : 'isSaved')}</Button>
          </>
        }
      />
      <div className={styles.form}>
        {fromDraft && dirty && <Banner kind="info" title={t('draft')} actions={<Button small onPress={discard}>{t('discard')}</Button>} />}
        {isGone && <Banner kind="warn" title={ta('deletedMeanwhile.title')}>{ta('deletedMeanwhile.text')}</Banner>}
        {error && <Banner kind="error" title={t('refused')}>{error}</Banner>}
        <Card>
          <div className={styles.about}>
            <TextField label={t('name')} required value={scene.name} onChange={(name) => setScene({ ...scene, name })} error={nameMissing && !scene.name.trim() ? t('nameMissing') : null} placeholder={t('namePlaceholder')} />
            <TextField
              label={t('icon')}
              hint={t('iconHint')}
              value={scene.icon ?? ''}
              onChange={(icon) => {
                const { icon: _old, ...rest } = scene;
                setScene(icon ? { ...rest, icon } : rest);
              }}
            />
          </div>
        </Card>
        <Card title={t('entities')} actions={ids.length > 0 && <Button small icon={mdiCameraOutline} onPress={captureAll}>{t('captureAll')}</Button>}>
          {ids.length === 0 && <p>{t('noEntities')}</p>}
          {ids.map((entityId) => (
            <SceneEntity key={entityId} entityId={entityId} wanted={scene.entities[entityId]!} onChange={(wanted) => set(entityId, wanted)} onCapture={() => set(entityId, now(entityId))} onRemove={() => set(entityId, null)} />
          ))}
          <EntityPicker key={ids.length} label={t('add')} hint={t('addHint')} filter={{ domains: SCENIC, ...(ids.length ? { without: ids } : {}) }} value={null} onChange={(entityId) => set(entityId, now(entityId))} />
        </Card>
      </div>
      <LeaveGuard dirty={dirty} canSave={canSave} onSave={save} onDiscard={discard} />
      <ConfirmDialog {...elsewhere.dialog} title={ta('elsewhere.title')} text={ta('elsewhere.text')} confirm={ta('elsewhere.overwrite')} />
      <ConfirmDialog
        open={deleting}
        title={t('deleteTitle', { name: scene.name })}
        text={t('deleteText')}
        confirm={t('delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(URL + encodeURIComponent(id), { method: 'DELETE' }).then(
            () => {
              discard();
              navigate('/scenes');
            },
            (problem: unknown) => toast.error(asApiError(problem).message),
          );
        }}
      />
    </>
  );
}
