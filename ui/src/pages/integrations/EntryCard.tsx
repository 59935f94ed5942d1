import { useMemo, useState } from 'react';
import { mdiCogOutline, mdiDelete, mdiDownload, mdiPencil, mdiPower, mdiPowerOff, mdiRefresh, mdiTune } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button, ConfirmDialog, Dialog, Menu, type MenuEntry, TextField } from '@/components';
import { ConfigFlow } from '@/components/ConfigFlow';
import { deviceName, useCommand, useDevices, useSession } from '@/data';
import { downloadText } from '@/data/download';
import { useAct } from '@/data/useAct';
import type { ConfigEntry } from '@/pages/devices/useEntries';
import { HealthChip } from './HealthChip';
import styles from './Integrations.module.css';
import { healthOfEntry } from './model';

type Open = 'rename' | 'options' | 'reconfigure' | 'delete' | 'disable' | null;

/** One entry of an integration and all that can be done with it. */
export function EntryCard({ entry }: { entry: ConfigEntry }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const devices = useDevices();
  const [open, setOpen] = useState<Open>(null);
  const [title, setTitle] = useState(entry.title);
  const [busy, act] = useAct();
  const diagnostics = useCommand<{ domain: string }[]>('diagnostics/list');
  const mine = useMemo(() => [...devices.values()].filter((device) => device.config_entries.includes(entry.entry_id)), [devices, entry.entry_id]);
  const path = `/api/config/config_entries/entry/${entry.entry_id}`;
  const close = () => setOpen(null);
  const after = (done: boolean) => done && close();
  const reload = () => act(() => session.rest(`${path}/reload`, { method: 'POST' }), t('entry.reloaded', { name: entry.title }));
  const setDisabled = (disabled: boolean) => act(() => session.command('config_entries/disable', { entry_id: entry.entry_id, disabled_by: disabled ? 'user' : null }), t(disabled ? 'entry.disabled' : 'entry.enabled', { name: entry.title }));
  const download = () =>
    act(async () => {
      downloadText(`${entry.domain}-${entry.entry_id}.json`, JSON.stringify(await session.rest(`/api/diagnostics/config_entry/${entry.entry_id}`), null, 2), 'application/json');
    });
  const entries: MenuEntry[] = [
    ...(entry.supports_options ? [{ id: 'options', label: t('entry.options'), icon: mdiCogOutline, run: () => setOpen('options') }] : []),
    ...(entry.supports_reconfigure ? [{ id: 'reconfigure', label: t('entry.reconfigure'), icon: mdiTune, run: () => setOpen('reconfigure') }] : []),
    ...(entry.disabled_by ? [] : [{ id: 'reload', label: t('entry.reload'), icon: mdiRefresh, run: () => void reload() }]),
    { id: 'rename', label: t('entry.rename'), icon: mdiPencil, run: () => (setTitle(entry.title), setOpen('rename')) },
    ...(diagnostics.data?.some((each) => each.domain === entry.domain) ? [{ id: 'diagnostics', label: t('entry.diagnostics'), icon: mdiDownload, run: () => void download() }] : []),
    entry.disabled_by ? { id: 'enable', label: t('entry.enable'), icon: mdiPower, section: '', run: () => void setDisabled(false) } : { id: 'disable', label: t('entry.disable'), icon: mdiPowerOff, section: '', run: () => setOpen('disable') },
    { id: 'delete', label: t('entry.delete'), icon: mdiDelete, danger: true, section: '', run: () => setOpen('delete') },
  ];
  return (
    <li className={styles.entry}>
      <span className={styles.words}>
        <span className={styles.name}>{entry.title}</span>
        {entry.reason && <span className={styles.reason}>{entry.reason}</span>}
        <span className={styles.quiet}>
          {mine.length === 1 ? <Link href={`/devices/${mine[0]!.id}`}>{deviceName(mine[0]!)}</Link> : mine.length > 1 ? t('count.devices', { count: mine.length }) : t(`source.${entry.source}`, { defaultValue: '' })}
        </span>
      </span>
      <HealthChip health={healthOfEntry(entry)} />
      <Menu label={t('entry.menu', { name: entry.title })} entries={entries} />
      <Dialog
        open={open === 'rename'}
        onClose={close}
        size="small"
        title={t('entry.rename')}
        footer={
          <Button kind="primary" busy={busy} isDisabled={!title.trim()} onPress={() => void act(() => session.command('config_entries/update', { entry_id: entry.entry_id, title: title.trim() }), t('entry.renamed', { name: title.trim() })).then(after)}>
            {t('save')}
          </Button>
        }
      >
        <TextField label={t('entry.name')} value={title} onChange={setTitle} autoFocus required />
      </Dialog>
      <ConfirmDialog open={open === 'disable'} busy={busy} title={t('entry.disableTitle', { name: entry.title })} text={t('entry.disableText')} confirm={t('entry.disable')} onConfirm={() => void setDisabled(true).then(after)} onClose={close} />
      <ConfirmDialog
        open={open === 'delete'}
        danger
        busy={busy}
        title={t('entry.deleteTitle', { name: entry.title })}
        text={t('entry.deleteText', { count: mine.length })}
        confirm={t('entry.delete')}
        onConfirm={() => void act(() => session.rest(path, { method: 'DELETE' }), t('entry.deleted', { name: entry.title })).then(after)}
        onClose={close}
      />
      {open === 'options' && <ConfigFlow kind="options" handler={entry.entry_id} domain={entry.domain} title={t('entry.options')} onClose={close} onDone={close} />}
      {open === 'reconfigure' && <ConfigFlow kind="config" handler={entry.domain} domain={entry.domain} title={t('entry.reconfigure')} begin={{ entry_id: entry.entry_id }} onClose={close} onDone={close} />}
    </li>
  );
}
