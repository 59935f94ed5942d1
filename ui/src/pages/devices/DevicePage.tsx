/** One device: what it is, what it can do, what has to do with it. */

import { useMemo, useState } from 'react';
import { mdiDelete, mdiDevices, mdiDownload, mdiPencil, mdiPower, mdiPowerOff, mdiTextureBox } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Banner, Button, Card, Chip, ConfirmDialog, EmptyState, Menu, type MenuEntry, PageHeader, SkeletonPage } from '@/components';
import { deviceName, useAreas, useCommand, useDevices, useEntityEntries, useLabels, useSession, useUser } from '@/data';
import { downloadText } from '@/data/download';
import { useStore } from '@/data/store';
import { useAct } from '@/data/useAct';
import { Members } from '@/domains/_controls/Members';
import { DeviceDialog } from './DeviceDialog';
import { DeviceFacts } from './DeviceFacts';
import { DeviceLogbook } from './DeviceLogbook';
import styles from './Devices.module.css';
import { MqttDebug } from './MqttDebug';
import { useConfigEntries } from './useEntries';
import { ZigbeeCard } from './ZigbeeCard';
import { ZwaveCard } from './ZwaveCard';

const KINDS = ['automation', 'script', 'scene', 'group'] as const;

/** Entities by what they are for: to use, to set up, to look what is wrong. */
function useParts(deviceId: string) {
  const entries = useEntityEntries();
  return useMemo(() => {
    const mine = [...entries.values()].filter((entry) => entry.device_id === deviceId);
    const of = (category: string | null) => mine.filter((entry) => entry.category === category).map((entry) => entry.entity_id);
    return { controls: of(null), config: of('config'), diagnostic: of('diagnostic'), all: mine.map((entry) => entry.entity_id) };
  }, [entries, deviceId]);
}

export function DevicePage({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const user = useUser();
  const devices = useDevices();
  const device = devices.get(deviceId);
  const loaded = useStore(session.registries.devices, (all) => all.size > 0);
  const areas = useAreas();
  const labels = useLabels();
  const parts = useParts(deviceId);
  const { entries } = useConfigEntries();
  const [open, setOpen] = useState<'edit' | 'disable' | 'remove' | null>(null);
  const [busy, act] = useAct();
  const [, navigate] = useLocation();
  const related = useCommand<Partial<Record<string, string[]>>>(device ? 'search/related' : null, { item_type: 'device', item_id: deviceId });
  const diagnostics = useCommand<{ domain: string; handlers: { config_entry: boolean; device: boolean } }[]>(user.is_admin ? 'diagnostics/list' : null);

  if (!device) {
    if (!loaded) return <SkeletonPage />;
    return (
      <>
        <PageHeader title={t('gone.title')} back="/devices" />
        <EmptyState icon={mdiDevices} title={t('gone.title')} text={t('gone.text')}>
          <Link href="/devices">{t('all')}</Link>
        </EmptyState>
      </>
    );
  }
  const mine = device.config_entries.map((id) => entries?.get(id)).filter((entry) => entry !== undefined);
  const removable = mine.find((entry) => entry.supports_remove_device);
  const area = device.area_id ? areas.get(device.area_id) : undefined;
  const name = deviceName(device);
  const isMqtt = mine.some((entry) => entry.domain === 'mqtt');
  const setDisabled = (disabled: boolean) => act(() => session.command('config/device_registry/update', { device_id: device.id, disabled_by: disabled ? 'user' : null }), t(disabled ? 'disabledNow' : 'enabledNow', { name })).then((done) => done && setOpen(null));
  const remove = () => act(() => session.command('config/device_registry/remove_config_entry', { device_id: device.id, config_entry_id: removable!.entry_id }), t('removed', { name })).then((done) => done && navigate('/devices'));
  const saveDiagnostics = (entryId: string, domain: string, ofDevice: boolean) =>
    act(async () => {
      const found = await session.rest(`/api/diagnostics/config_entry/${entryId}${ofDevice ? `/device/${device.id}` : ''}`);
      downloadText(`${domain}-${device.id}.json`, JSON.stringify(found, null, 2), 'application/json');
    });
  const handlers = mine.flatMap((entry) => (diagnostics.data ?? []).filter((each) => each.domain === entry.domain).map((each) => ({ entry, each })));
  const menu: MenuEntry[] = [
    ...handlers.map(({ entry, each }) => ({ id: `diagnostics ${entry.entry_id}`, label: t('diagnostics', { name: entry.title }), icon: mdiDownload, run: () => void saveDiagnostics(entry.entry_id, entry.domain, each.handlers.device) })),
    device.disabled_by
      ? { id: 'enable', label: t('enable'), icon: mdiPower, section: '', run: () => void setDisabled(false) }
      : { id: 'disable', label: t('disable'), icon: mdiPowerOff, section: '', run: () => setOpen('disable') },
    ...(removable ? [{ id: 'remove', label: t('remove'), icon: mdiDelete, danger: true, section: '', run: () => setOpen('remove') }] : []),
  ];
  const list = (ids: readonly string[], title: string) =>
    ids.length > 0 && (
      <Card title={title}>
        <Members entityIds={ids} label={title} />
      </Card>
    );
  return (
    <>
      <PageHeader
        title={name}
        text={[device.manufacturer, device.model].filter(Boolean).join(' · ')}
        back="/devices"
        actions={
          user.is_admin && (
            <>
              <Button icon={mdiPencil} onPress={() => setOpen('edit')}>
                {t('edit')}
              </Button>
              <Menu label={t('menu', { name })} entries={menu} />
            </>
          )
        }
      >
        <div className={styles.row}>
          {area && (
            <Link href={`/areas/${encodeURIComponent(area.area_id)}`}>
              <Chip icon={mdiTextureBox}>{area.name}</Chip>
            </Link>
          )}
          {device.labels.map((id) => (
            <Chip key={id}>{labels.get(id)?.name ?? id}</Chip>
          ))}
        </div>
      </PageHeader>
      {device.disabled_by && (
        <Banner
          kind="warn"
          title={t('isDisabled')}
          actions={
            user.is_admin && device.disabled_by === 'user' ? (
              <Button busy={busy} onPress={() => void setDisabled(false)}>
                {t('enable')}
              </Button>
            ) : undefined
          }
        >
          {t(device.disabled_by === 'user' ? 'isDisabledText' : 'isDisabledByEntry')}
        </Banner>
      )}
      <div className={styles.columns}>
        {list(parts.controls, t('part.controls'))}
        <Card title={t('part.info')}>
          <DeviceFacts device={device} entries={mine} via={device.via_device_id ? devices.get(device.via_device_id) : undefined} />
        </Card>
        {list(parts.config, t('part.config'))}
        {list(parts.diagnostic, t('part.diagnostic'))}
        {user.is_admin && isMqtt && <ZigbeeCard device={device} />}
        {user.is_admin && isMqtt && <ZwaveCard device={device} />}
        <Card title={t('part.related')}>
          {related.error && <p className={styles.quiet}>{related.error.message}</p>}
          {related.data && !KINDS.some((kind) => related.data?.[kind]?.length) && <p className={styles.quiet}>{t('related.none')}</p>}
          {KINDS.filter((kind) => related.data?.[kind]?.length).map((kind) => (
            <section key={kind} className={styles.kind}>
              <h3>{t(`related.${kind}`)}</h3>
              <Members entityIds={related.data![kind]!} label={t(`related.${kind}`)} switches={kind === 'automation'} />
            </section>
          ))}
        </Card>
        {parts.all.length > 0 && (
          <Card title={t('part.logbook')}>
            <DeviceLogbook key={parts.all.length} entityIds={parts.all} />
          </Card>
        )}
        {user.is_admin && isMqtt && <MqttDebug deviceId={device.id} />}
      </div>
      {open === 'edit' && <DeviceDialog device={device} onClose={() => setOpen(null)} />}
      <ConfirmDialog open={open === 'disable'} busy={busy} title={t('disableTitle', { name })} text={t('disableText')} confirm={t('disable')} onConfirm={() => void setDisabled(true)} onClose={() => setOpen(null)} />
      <ConfirmDialog open={open === 'remove'} danger busy={busy} title={t('removeTitle', { name })} text={t('removeText')} confirm={t('remove')} onConfirm={() => void remove()} onClose={() => setOpen(null)} />
    </>
  );
}
