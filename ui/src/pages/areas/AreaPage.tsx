/** One area: its devices, what else is in it, and what has to do with it. */

import { useMemo, useState } from 'react';
import { mdiDelete, mdiDevices, mdiPencil, mdiPlus, mdiTextureBox } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Button, Card, EmptyState, Icon, Menu, PageHeader, Skeleton } from '@/components';
import { deviceName, useAreas, useCommand, useDevices, useEntityEntries, useEntityIdsByArea, useFloors, useLabels, useUser } from '@/data';
import { Chip } from '@/components/Chip';
import { Members } from '@/domains/_controls/Members';
import { AreaDialog } from './AreaDialog';
import styles from './Areas.module.css';
import { AssignDialog } from './AssignDialog';
import { DeleteArea } from './DeleteArea';

/** After these something else may have to do with it. */
const CHANGES = ['device_registry_updated', 'entity_registry_updated', 'automation_reloaded'];
const KINDS = ['automation', 'script', 'scene', 'group'] as const;

export function AreaPage({ areaId }: { areaId: string }) {
  const { t, i18n } = useTranslation('areas');
  const user = useUser();
  const area = useAreas().get(areaId);
  const floors = useFloors();
  const labels = useLabels();
  const devices = useDevices();
  const entries = useEntityEntries();
  const byArea = useEntityIdsByArea();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<'edit' | 'assign' | 'delete' | null>(null);
  const related = useCommand<Partial<Record<string, string[]>>>(area ? 'search/related' : null, { item_type: 'area', item_id: areaId }, CHANGES);

  const here = useMemo(
    () => [...devices.values()].filter((device) => device.area_id === areaId).sort((a, b) => deviceName(a).localeCompare(deviceName(b), i18n.language)),
    [devices, areaId, i18n.language],
  );
  const ids = byArea.get(areaId);
  const [first, rest] = useMemo(() => {
    const shown = (ids ?? []).filter((id) => !entries.get(id)?.hidden);
    const quiet = (id: string) => entries.get(id)?.category != null;
    return [shown.filter((id) => !quiet(id)), shown.filter(quiet)];
  }, [ids, entries]);

  if (!area) {
    return (
      <>
        <PageHeader title={t('gone.title')} back="/areas" />
        <EmptyState icon={mdiTextureBox} title={t('gone.title')} text={t('gone.text')}>
          <Link href="/areas">{t('all')}</Link>
        </EmptyState>
      </>
    );
  }
  const floor = area.floor_id ? floors.get(area.floor_id) : undefined;
  return (
    <>
      <PageHeader
        title={area.name}
        text={floor?.name}
        back="/areas"
        actions={
          user.is_admin && (
            <>
              <Button icon={mdiPlus} onPress={() => setOpen('assign')}>
                {t('assign.open')}
              </Button>
              <Menu
                label={t('menu', { name: area.name })}
                entries={[
                  { id: 'edit', label: t('edit'), icon: mdiPencil, run: () => setOpen('edit') },
                  { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: '', run: () => setOpen('delete') },
                ]}
              />
            </>
          )
        }
      >
        {area.labels.length > 0 && (
          <div className={styles.chips}>
            {area.labels.map((id) => (
              <Chip key={id}>{labels.get(id)?.name ?? id}</Chip>
            ))}
          </div>
        )}
      </PageHeader>
      {area.picture && <img src={area.picture} alt="" className={styles.banner} />}
      <div className={styles.columns}>
        <Card title={t('devices')} icon={mdiDevices}>
          {here.length === 0 ? (
            <p className={styles.nothing}>{t('noDevices')}</p>
          ) : (
            <ul className={styles.links}>
              {here.slice(0, 200).map((device) => (
                <li key={device.id}>
                  <Link href={`/devices/${device.id}`} className={styles.deviceLink}>
                    <Icon path={mdiDevices} size={20} />
                    <span className={styles.words}>
                      <span>{deviceName(device)}</span>
                      <span className={styles.counts}>{[device.manufacturer, device.model].filter(Boolean).join(' · ')}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
          {here.length > 200 && <Link href={`/devices?area=${encodeURIComponent(areaId)}`}>{t('allDevices', { count: here.length })}</Link>}
        </Card>
        <Card title={t('entities')}>{first.length === 0 ? <p className={styles.nothing}>{t('noEntities')}</p> : <Members entityIds={first} label={t('entities')} />}</Card>
        {rest.length > 0 && (
          <Card title={t('diagnostics')}>
            <Members entityIds={rest} label={t('diagnostics')} />
          </Card>
        )}
        <Card title={t('related.title')}>
          {related.error && <p className={styles.nothing}>{related.error.message}</p>}
          {!related.data && !related.error && <Skeleton height={80} radius="var(--radius-m)" />}
          {related.data && !KINDS.some((kind) => related.data?.[kind]?.length) && <p className={styles.nothing}>{t('related.none')}</p>}
          {KINDS.filter((kind) => related.data?.[kind]?.length).map((kind) => (
            <section key={kind} className={styles.relatedKind}>
              <h3>{t(`related.${kind}`)}</h3>
              <Members entityIds={related.data![kind]!} label={t(`related.${kind}`)} switches={kind === 'automation'} />
            </section>
          ))}
        </Card>
      </div>
      {open === 'edit' && <AreaDialog area={area} floorId={area.floor_id} onClose={() => setOpen(null)} />}
      {open === 'assign' && <AssignDialog area={area} onClose={() => setOpen(null)} />}
      <DeleteArea area={area} open={open === 'delete'} onClose={() => setOpen(null)} onDone={() => navigate('/areas')} />
    </>
  );
}
