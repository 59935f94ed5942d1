/** The editor page of one script, by its name in the files; `new` makes one. */

import { useMemo, useState } from 'react';
import { mdiContentDuplicate, mdiDelete, mdiInformationOutline, mdiPlay, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { ConfirmDialog, IconButton, Menu, openMoreInfo, SkeletonPage } from '@/components';
import { useServices, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { ItemEditor } from '../automations/editor/ItemEditor';
import { NotThere } from '../automations/editor/NotThere';
import { copyOfItem, keepStart, nameIn, readStart } from '../automations/editor/start';
import { useQuestion } from '../automations/editor/useQuestion';
import { useStored } from '../automations/list/stored';
import { versionOf, versionOfFile } from '../automations/model/history';
import { spell } from '../automations/model/spelling';
import { forFile } from '../automations/model/yamlText';
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
  const initial = useMemo(() => versionOf(spell('script', readStart(from) ?? { alias: '', description: '', sequence: [], mode: 'single' })), [from]);
  return (
    <ItemEditor
      domain="script"
      initial={initial}
      isNew
      draftKey={`script/new${from ? ` ${from}` : ''}`}
      back="/scripts"
      details={(config) => <FieldsCard config={config} />}
      save={async ({ text, config }) => {
        const name = freeName(String(config.alias as string), new Set(Object.keys(services.script ?? {})));
        await session.rest(`${URL}${name}/yaml`, { method: 'PUT', body: forFile(text) });
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
  const stored = useStored(url, entityId);
  const initial = useMemo(() => (stored.text === null ? null : versionOfFile('script', stored.text)), [stored.text]);
  const [deleting, setDeleting] = useState(false);
  const [asking, setAsking] = useState(false);
  const elsewhere = useQuestion();
  const fields = services.script?.[id]?.fields ?? {};

  if (stored.error) return <NotThere error={stored.error} title={ts('goneTitle')} text={ts('goneText')} list="/scripts" onAgain={stored.reload} />;
  if (!initial) return <SkeletonPage />;

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
        isGone={stored.isGone}
        draftKey={`script/${id}`}
        back="/scripts"
        save={async ({ text }) => {
          await stored.save(text, elsewhere.ask, t('elsewhere.kept'));
          toast.ok(t('saved'));
        }}
        details={(config) => <FieldsCard config={config} />}
        actions={({ state }) => (
          <>
            <IconButton label={t('traces.open')} icon={mdiTransitConnectionVariant} onPress={() => navigate(`/scripts/trace/${encodeURIComponent(id)}`)} />
            <Menu
              label={t('menu.more')}
              entries={[
                { id: 'run', label: t('menu.runNow'), icon: mdiPlay, run },
                { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, disabled: !entityId, run: () => openMoreInfo(entityId!) },
                { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, run: () => navigate(`/scripts/edit/new?from=${keepStart(copyOfItem(state.now.config, t('copyName', { name: nameIn(state.now.config) || id })))}`) },
                { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
              ]}
            />
          </>
        )}
      />
      <RunDialog open={asking} name={nameIn(initial.config) || id} service={id} fields={fields} onClose={() => setAsking(false)} />
      <ConfirmDialog
        open={deleting}
        title={t('delete.title', { name: nameIn(initial.config) || id })}
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
