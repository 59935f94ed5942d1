/** The editor page of one script, by its name in the files; `new` makes one. */

import { useMemo, useState } from 'react';
import { mdiAlertCircleOutline, mdiContentDuplicate, mdiDelete, mdiInformationOutline, mdiPlay, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, ConfirmDialog, EmptyState, IconButton, Menu, openMoreInfo, SkeletonPage } from '@/components';
import { useServices, useSession } from '@/data/hooks';
import { ApiError, asApiError } from '@/data/session';
import { ItemEditor } from '../automations/editor/ItemEditor';
import { keepStart, readStart } from '../automations/editor/start';
import { useQuestion } from '../automations/editor/useQuestion';
import { useStored } from '../automations/list/stored';
import { equal } from '../automations/model/sharing';
import { spell } from '../automations/model/spelling';
import { type Config, isRecord } from '../automations/model/types';
import { FieldsCard } from './FieldsCard';
import { RunDialog } from './RunDialog';
import { freeName } from './names';
import { useScript } from './useScript';

const URL = '/api/config/script/config/';

export default function ScriptEditor({ id }: { id: string }) {
  return id === 'new' ? <NewScript /> : <ExistingScript id={id} />;
}

function NewScript() {
  const { t } = useTranslation('automations');
  const session = useSession();
  const services = useServices();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const from = search.get('from');
  const initial = useMemo(() => spell('script', readStart(from) ?? { alias: '', description: '', sequence: [], mode: 'single' }), [from]);
  return (
    <ItemEditor
      domain="script"
      initial={initial}
      isNew
      draftKey={`script/new${from ? ` ${from}` : ''}`}
      back="/scripts"
      details={(config) => <FieldsCard config={config} />}
      save={async (config) => {
        const name = freeName(String(config.alias as string), new Set(Object.keys(services.script ?? {})));
        await session.rest(URL + name, { method: 'POST', body: config });
        toast.ok(t('created', { name: String(config.alias as string) }));
        return () => navigate(`/scripts/edit/${name}`, { replace: true });
      }}
    />
  );
}

function ExistingScript({ id }: { id: string }) {
  const { t } = useTranslation('automations');
  const { t: ts } = useTranslation('scripts');
  const session = useSession();
  const services = useServices();
  const [, navigate] = useLocation();
  const entityId = useScript(id);
  const url = URL + encodeURIComponent(id);
  const stored = useStored(url);
  const [deleting, setDeleting] = useState(false);
  const [asking, setAsking] = useState(false);
  const elsewhere = useQuestion();
  const fields = services.script?.[id]?.fields ?? {};

  if (stored.error) {
    const gone = stored.error.code === '404';
    return (
      <EmptyState icon={mdiAlertCircleOutline} title={gone ? ts('goneTitle') : t('failed')} text={gone ? ts('goneText') : stored.error.message}>
        <Button onPress={() => navigate('/scripts')}>{t('gone.back')}</Button>
        {!gone && <Button kind="primary" onPress={stored.reload}>{t('again')}</Button>}
      </EmptyState>
    );
  }
  if (!stored.config) return <SkeletonPage />;
  const initial = spell('script', stored.config);

  const save = async (config: Config) => {
    const now: unknown = await session.rest(url).catch((error: unknown) => {
      if (asApiError(error).code === '404') return null; // deleted meanwhile: saving brings it back
      throw error;
    });
    if (isRecord(now) && !equal(now, stored.latest()) && !(await elsewhere.ask())) throw new ApiError('changed', t('elsewhere.kept'));
    await session.rest(url, { method: 'POST', body: config });
    stored.keep(config);
    toast.ok(t('saved'));
  };
  const run = () => {
    if (Object.keys(fields).length > 0) setAsking(true);
    else session.call('script', id).then(() => toast.ok(t('ran')), (error: unknown) => toast.error(asApiError(error).message));
  };
  return (
    <>
      <ItemEditor
        domain="script"
        initial={initial}
        isNew={false}
        draftKey={`script/${id}`}
        back="/scripts"
        save={save}
        details={(config) => <FieldsCard config={config} />}
        actions={({ state }) => (
          <>
            <IconButton label={t('traces.open')} icon={mdiTransitConnectionVariant} onPress={() => navigate(`/scripts/trace/${encodeURIComponent(id)}`)} />
            <Menu
              label={t('menu.more')}
              entries={[
                { id: 'run', label: t('menu.runNow'), icon: mdiPlay, run },
                { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, disabled: !entityId, run: () => openMoreInfo(entityId!) },
                { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, run: () => navigate(`/scripts/edit/new?from=${keepStart({ ...state.now.config, alias: t('copyName', { name: String((state.now.config.alias as string | undefined) ?? id) }) })}`) },
                { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
              ]}
            />
          </>
        )}
      />
      <RunDialog open={asking} name={String((initial.alias as string | undefined) ?? id)} service={id} fields={fields} onClose={() => setAsking(false)} />
      <ConfirmDialog
        open={deleting}
        title={t('delete.title', { name: String((initial.alias as string | undefined) ?? id) })}
        text={t('delete.text')}
        confirm={t('menu.delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(url, { method: 'DELETE' }).then(
            () => navigate('/scripts'),
            (error: unknown) => toast.error(asApiError(error).message),
          );
        }}
      />
      <ConfirmDialog {...elsewhere.dialog} title={t('elsewhere.title')} text={t('elsewhere.text')} confirm={t('elsewhere.overwrite')} />
    </>
  );
}
