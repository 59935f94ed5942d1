/** One state as it is, and another one to put in its place. What is typed stays while the entity changes. */

import { useState } from 'react';
import { mdiContentCopy, mdiDeleteOutline, mdiRefresh } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, ConfirmDialog, Dialog, IconButton, RelativeTime, TextField, YamlEditor } from '@/components';
import { asApiError, useConnected, useEntity, useSession } from '@/data';
import styles from '../Tools.module.css';

export function StateDialog({ entityId, onClose }: { entityId: string; onClose: () => void }) {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const connected = useConnected();
  const entity = useEntity(entityId || null);
  const [id, setId] = useState(entityId);
  const [draft, setDraft] = useState<{ state: string; attributes: unknown }>(() => ({ state: entity?.state ?? '', attributes: entity?.attributes ?? {} }));
  const [valid, setValid] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const isMap = draft.attributes == null || (typeof draft.attributes === 'object' && !Array.isArray(draft.attributes));

  const send = async (method: 'POST' | 'DELETE') => {
    setBusy(true);
    setProblem(null);
    try {
      await session.rest(`/api/states/${encodeURIComponent(id.trim())}`, { method, ...(method === 'POST' ? { body: { state: draft.state, attributes: draft.attributes ?? {} } } : {}) });
      toast.ok(t(method === 'POST' ? 'states.done' : 'states.removed', { entity: id.trim() }));
      onClose();
    } catch (error) {
      setProblem(asApiError(error).message);
    } finally {
      setBusy(false);
      setRemoving(false);
    }
  };
  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => toast.ok(t('copied')), () => toast.error(t('notCopied')));

  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      size="large"
      title={entityId || t('states.set')}
      footer={
        <>
          {entity && (
            <Button kind="ghost" icon={mdiDeleteOutline} onPress={() => setRemoving(true)}>
              {t('states.remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('close')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !valid || !isMap || !id.trim() || draft.state === ''} onPress={() => void send('POST')}>
            {t('states.set')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{t('states.explain')}</p>
        {entityId && !entity && <Banner kind="warn">{t('states.gone')}</Banner>}
        {problem && <Banner kind="error">{problem}</Banner>}
        {entity && (
          <dl className={styles.facts}>
            <div>
              <dt>{t('states.now')}</dt>
              <dd>
                <code>{entity.state}</code>
                <IconButton label={t('states.take')} icon={mdiRefresh} onPress={() => setDraft({ state: entity.state, attributes: entity.attributes })} />
              </dd>
            </div>
            <div>
              <dt>{t('states.changed')}</dt>
              <dd><RelativeTime at={entity.lastChanged} /></dd>
            </div>
            <div>
              <dt>{t('states.updated')}</dt>
              <dd><RelativeTime at={entity.lastUpdated} /></dd>
            </div>
            <div>
              <dt>{t('states.context')}</dt>
              <dd>
                <code className={styles.small}>{entity.context.id}</code>
                <IconButton label={t('copy')} icon={mdiContentCopy} onPress={() => copy(entity.context.id)} />
                <Link href={`/why/${encodeURIComponent(entityId)}`}>{t('states.why')}</Link>
              </dd>
            </div>
          </dl>
        )}
        {!entityId && <TextField label={t('states.entity')} value={id} onChange={setId} placeholder="sensor.example" required autoFocus />}
        <TextField label={t('states.state')} value={draft.state} onChange={(state) => setDraft({ ...draft, state })} required />
        <div>
          <h3 className={styles.label}>{t('states.attributes')}</h3>
          <YamlEditor label={t('states.attributes')} value={draft.attributes} onChange={(attributes) => setDraft({ ...draft, attributes })} onValid={setValid} />
          {!isMap && <p role="alert">{t('states.notMap')}</p>}
        </div>
      </div>
      <ConfirmDialog open={removing} title={t('states.removeTitle', { entity: id })} text={t('states.removeText')} confirm={t('states.remove')} danger busy={busy} onConfirm={() => void send('DELETE')} onClose={() => setRemoving(false)} />
    </Dialog>
  );
}
