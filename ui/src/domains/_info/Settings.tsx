/** The tab in which administrators change an entity: its name, place, labels, whether it is used at all. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { ConfirmDialog } from '@/components/Dialog';
import { Skeleton } from '@/components/Skeleton';
import { closeMoreInfo, openMoreInfo } from '@/components/MoreInfo';
import { useCommand, useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { removeEntity } from './remove';
import { changesOf, formOf, iconProblem, idProblem, type RegistryEntry, type SettingsForm } from './settings';
import styles from './Settings.module.css';
import { SettingsFields } from './SettingsFields';
import { Unregistered } from './Unregistered';

export function Settings({ entityId }: { entityId: string }) {
  const { t } = useTranslation('domains');
  const { data, error, reload } = useCommand<RegistryEntry>('config/entity_registry/get', { entity_id: entityId });
  if (!data && error?.code === 'not_found') return <Unregistered entityId={entityId} />;
  if (!data && error) return <Banner kind="error" title={t('info.noSettings')}>{error.message}</Banner>;
  if (!data) return <Skeleton height={320} radius="var(--radius-m)" />;
  return <Form entry={data} onSaved={reload} />;
}

function Form({ entry, onSaved }: { entry: RegistryEntry; onSaved: () => void }) {
  const { t } = useTranslation('domains');
  const session = useSession();
  const connected = useConnected();
  const domain = entry.entity_id.split('.')[0] ?? '';
  // What was not touched follows the registry; what was typed stays until it is saved or given back.
  const [draft, setDraft] = useState<Partial<SettingsForm>>({});
  const form = { ...formOf(entry), ...draft };
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  const changes = changesOf(entry, form);
  const wrong = idProblem(domain, form.entityId) !== null || iconProblem(form.icon);

  const save = async () => {
    if (!changes || wrong) return;
    setBusy(true);
    setRefused(null);
    try {
      await session.command('config/entity_registry/update', { entity_id: entry.entity_id, ...changes });
      setDraft({});
      toast.ok(t('info.saved'));
      if (form.entityId === entry.entity_id) onSaved();
      else openMoreInfo(form.entityId);
    } catch (error) {
      setRefused(asApiError(error).message);
    }
    setBusy(false);
  };
  const remove = async () => {
    setAsks(false);
    setBusy(true);
    try {
      await removeEntity(session, entry);
      closeMoreInfo();
      toast.ok(t('info.deleted', { entity: entry.entity_id }));
    } catch (error) {
      setRefused(asApiError(error).message);
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {entry.disabled_by && entry.disabled_by !== 'user' && <Banner kind="info">{t('info.disabledBy', { who: entry.disabled_by })}</Banner>}
      <SettingsFields entry={entry} form={form} onChange={(change) => setDraft({ ...draft, ...change })} />
      {refused && <Banner kind="error" title={t('info.refused')}>{refused}</Banner>}
      <div className={styles.actions}>
        <Button kind="ghost" isDisabled={busy || !connected} onPress={() => setAsks(true)}>
          {t('delete')}
        </Button>
        {changes && <Button onPress={() => setDraft({})}>{t('info.undo')}</Button>}
        <Button kind="primary" type="submit" busy={busy} isDisabled={!changes || wrong || !connected}>
          {t('save')}
        </Button>
      </div>
      <ConfirmDialog
        open={asks}
        danger
        title={t('info.deleteTitle', { entity: form.name || entry.original_name || entry.entity_id })}
        text={t(entry.config_entry_id || entry.device_id ? 'info.deleteDevice' : 'info.deleteText')}
        confirm={t('delete')}
        onClose={() => setAsks(false)}
        onConfirm={() => void remove()}
      />
    </form>
  );
}
