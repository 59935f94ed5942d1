/** The editor page of one automation, by its id in the files; `new` makes one. */

import { useMemo, useState } from 'react';
import { mdiContentDuplicate, mdiDelete, mdiInformationOutline, mdiPlay, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { ConfirmDialog, EntityToggle, IconButton, Menu, openMoreInfo, SkeletonPage } from '@/components';
import { useCall, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { useAutomation } from '../list/automations';
import { useStored } from '../list/stored';
import { versionOf, versionOfFile } from '../model/history';
import { spell } from '../model/spelling';
import { forFile } from '../model/yamlText';
import { ItemEditor } from './ItemEditor';
import { NotThere } from './NotThere';
import { copyOfItem, keepStart, nameIn, readStart } from './start';
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
  const initial = useMemo(() => versionOf(spell('automation', readStart(from) ?? { alias: '', description: '', triggers: [], conditions: [], actions: [], mode: 'single' })), [from]);
  return (
    <ItemEditor
      domain="automation"
      initial={initial}
      isNew
      draftKey={`automation/new${from ? ` ${from}` : ''}`}
      back="/automations"
      save={async ({ text, config }) => {
        await session.rest(`${URL}${id}/yaml`, { method: 'PUT', body: forFile(text) });
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
  const stored = useStored(URL + encodeURIComponent(id), entityId);
  const initial = useMemo(() => (stored.text === null ? null : versionOfFile('automation', stored.text)), [stored.text]);
  const [deleting, setDeleting] = useState(false);
  const elsewhere = useQuestion();

  if (stored.error) return <NotThere error={stored.error} title={t('gone.title')} text={t('gone.text')} list="/automations" onAgain={stored.reload} />;
  if (!initial) return <SkeletonPage />;

  return (
    <>
      <ItemEditor
        domain="automation"
        initial={initial}
        isNew={false}
        isGone={stored.isGone}
        draftKey={`automation/${id}`}
        back="/automations"
        save={async ({ text }) => {
          await stored.save(text, elsewhere.ask, t('elsewhere.kept'));
          toast.ok(t('saved'));
        }}
        actions={({ state }) => (
          <>
            {entityId && <EntityToggle entityId={entityId} label={t('switchOf')} />}
            <IconButton label={t('traces.open')} icon={mdiTransitConnectionVariant} onPress={() => navigate(`/automations/trace/${encodeURIComponent(id)}`)} />
            <Menu
              label={t('menu.more')}
              entries={[
                { id: 'run', label: t('menu.runNow'), icon: mdiPlay, disabled: !entityId, run: () => void call('automation', 'trigger', {}, { entity_id: entityId! }).then((worked) => worked && toast.ok(t('ran'))) },
                { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, disabled: !entityId, run: () => openMoreInfo(entityId!) },
                { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, run: () => navigate(`/automations/edit/new?from=${keepStart(copyOfItem(state.now.config, t('copyName', { name: nameIn(state.now.config) })))}`) },
                { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
              ]}
            />
          </>
        )}
      />
      <ConfirmDialog
        open={deleting}
        title={t('delete.title', { name: nameIn(initial.config) || id })}
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
