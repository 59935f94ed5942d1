/** The editor page of one automation, by its id in the files; `new` makes one. */

import { useMemo, useState } from 'react';
import { mdiAlertCircleOutline, mdiContentDuplicate, mdiDelete, mdiInformationOutline, mdiPlay, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, ConfirmDialog, EmptyState, EntityToggle, IconButton, Menu, openMoreInfo, SkeletonPage } from '@/components';
import { useCall, useSession } from '@/data/hooks';
import { ApiError, asApiError } from '@/data/session';
import { useAutomation } from '../list/automations';
import { useStored } from '../list/stored';
import { equal } from '../model/sharing';
import { spell } from '../model/spelling';
import { type Config, isRecord } from '../model/types';
import { ItemEditor } from './ItemEditor';
import { keepStart, readStart } from './start';
import { useQuestion } from './useQuestion';

const URL = '/api/config/automation/config/';

export default function AutomationEditor({ id }: { id: string }) {
  return id === 'new' ? <NewAutomation /> : <ExistingAutomation id={id} />;
}

function NewAutomation() {
  const session = useSession();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const { t } = useTranslation('automations');
  const from = search.get('from');
  // The id of a moment: the file's items are told apart by it.
  const [id] = useState(() => String(Date.now()));
  const initial = useMemo(() => spell('automation', readStart(from) ?? { alias: '', description: '', triggers: [], conditions: [], actions: [], mode: 'single' }), [from]);
  return (
    <ItemEditor
      domain="automation"
      initial={initial}
      isNew
      draftKey={`automation/new${from ? ` ${from}` : ''}`}
      back="/automations"
      save={async (config) => {
        await session.rest(URL + id, { method: 'POST', body: config });
        toast.ok(t('created', { name: String(config.alias as string) }));
        return () => navigate(`/automations/edit/${id}`, { replace: true });
      }}
    />
  );
}

function ExistingAutomation({ id }: { id: string }) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const call = useCall();
  const [, navigate] = useLocation();
  const entityId = useAutomation(id);
  const stored = useStored(URL + encodeURIComponent(id));
  const [deleting, setDeleting] = useState(false);
  const elsewhere = useQuestion();

  if (stored.error) {
    const gone = stored.error.code === '404';
    return (
      <EmptyState icon={mdiAlertCircleOutline} title={t(gone ? 'gone.title' : 'failed')} text={gone ? t('gone.text') : stored.error.message}>
        <Button onPress={() => navigate('/automations')}>{t('gone.back')}</Button>
        {!gone && <Button kind="primary" onPress={stored.reload}>{t('again')}</Button>}
      </EmptyState>
    );
  }
  if (!stored.config) return <SkeletonPage />;

  const save = async (config: Config) => {
    const now: unknown = await session.rest(URL + encodeURIComponent(id)).catch((error: unknown) => {
      if (asApiError(error).code === '404') return null; // deleted meanwhile: saving brings it back
      throw error;
    });
    if (isRecord(now) && !equal(now, stored.latest()) && !(await elsewhere.ask())) throw new ApiError('changed', t('elsewhere.kept'));
    await session.rest(URL + encodeURIComponent(id), { method: 'POST', body: { ...config, id } });
    stored.keep({ ...config, id });
    toast.ok(t('saved'));
  };
  const { id: _id, ...initial } = stored.config;
  return (
    <>
      <ItemEditor
        domain="automation"
        initial={spell('automation', initial)}
        isNew={false}
        draftKey={`automation/${id}`}
        back="/automations"
        save={save}
        actions={({ state }) => (
          <>
            {entityId && <EntityToggle entityId={entityId} label={t('switchOf')} />}
            <IconButton label={t('traces.open')} icon={mdiTransitConnectionVariant} onPress={() => navigate(`/automations/trace/${encodeURIComponent(id)}`)} />
            <Menu
              label={t('menu.more')}
              entries={[
                { id: 'run', label: t('menu.runNow'), icon: mdiPlay, disabled: !entityId, run: () => void call('automation', 'trigger', {}, { entity_id: entityId! }).then((worked) => worked && toast.ok(t('ran'))) },
                { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, disabled: !entityId, run: () => openMoreInfo(entityId!) },
                { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, run: () => navigate(`/automations/edit/new?from=${keepStart({ ...state.now.config, alias: t('copyName', { name: String((state.now.config.alias as string | undefined) ?? '') }) })}`) },
                { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
              ]}
            />
          </>
        )}
      />
      <ConfirmDialog
        open={deleting}
        title={t('delete.title', { name: String((initial.alias as string | undefined) ?? id) })}
        text={t('delete.text')}
        confirm={t('menu.delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(URL + encodeURIComponent(id), { method: 'DELETE' }).then(
            () => navigate('/automations'),
            (error: unknown) => toast.error(asApiError(error).message),
          );
        }}
      />
      <ConfirmDialog {...elsewhere.dialog} title={t('elsewhere.title')} text={t('elsewhere.text')} confirm={t('elsewhere.overwrite')} />
    </>
  );
}
