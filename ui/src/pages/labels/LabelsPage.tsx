import { useMemo, useState } from 'react';
import { mdiDelete, mdiLabelOutline, mdiPencil, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button, ConfirmDialog, EmptyState, Menu, NamedIcon, PageHeader } from '@/components';
import { type Label, useAreas, useDevices, useEntityEntries, useLabels, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { colorOf } from './colors';
import { LabelDialog } from './LabelDialog';
import styles from './Labels.module.css';

type Counts = Record<'areas' | 'devices' | 'entities', number>;

/** How often each label is used. */
function useUses(): ReadonlyMap<string, Counts> {
  const areas = useAreas();
  const devices = useDevices();
  const entities = useEntityEntries();
  return useMemo(() => {
    const found = new Map<string, Counts>();
    const count = (labels: readonly string[], kind: keyof Counts) => {
      for (const id of labels) {
        const counts = found.get(id) ?? { areas: 0, devices: 0, entities: 0 };
        counts[kind] += 1;
        found.set(id, counts);
      }
    };
    for (const area of areas.values()) count(area.labels, 'areas');
    for (const device of devices.values()) count(device.labels, 'devices');
    for (const entity of entities.values()) count(entity.labels, 'entities');
    return found;
  }, [areas, devices, entities]);
}

export default function LabelsPage() {
  const { t, i18n } = useTranslation('labels');
  const session = useSession();
  const labels = useLabels();
  const uses = useUses();
  const [editing, setEditing] = useState<{ label: Label | null } | null>(null);
  const [removing, setRemoving] = useState<Label | null>(null);
  const [busy, act] = useAct();
  const sorted = useMemo(() => [...labels.values()].sort((a, b) => a.name.localeCompare(b.name, i18n.language)), [labels, i18n.language]);
  const remove = async () => {
    if (removing && (await act(() => session.command('config/label_registry/delete', { label_id: removing.label_id }), t('deleted', { name: removing.name })))) setRemoving(null);
  };
  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('text')}
        actions={
          <Button kind="primary" icon={mdiPlus} onPress={() => setEditing({ label: null })}>
            {t('add')}
          </Button>
        }
      />
      {sorted.length === 0 ? (
        <EmptyState icon={mdiLabelOutline} title={t('empty.title')} text={t('empty.text')} />
      ) : (
        <ul className={styles.list}>
          {sorted.map((label) => {
            const counts = uses.get(label.label_id) ?? { areas: 0, devices: 0, entities: 0 };
            const id = encodeURIComponent(label.label_id);
            return (
              <li key={label.label_id} className={styles.label}>
                <span className={styles.face} style={{ ['--label' as string]: colorOf(label.color) ?? 'var(--line-strong)' }}>
                  <NamedIcon name={label.icon} fallback={mdiLabelOutline} />
                </span>
                <span className={styles.words}>
                  <span className={styles.name}>{label.name}</span>
                  {label.description && <span className={styles.more}>{label.description}</span>}
                  <span className={styles.uses}>
                    {counts.entities > 0 && <Link href={`/entities?label=${id}`}>{t('uses.entities', { count: counts.entities })}</Link>}
                    {counts.devices > 0 && <Link href={`/devices?label=${id}`}>{t('uses.devices', { count: counts.devices })}</Link>}
                    {counts.areas > 0 && <Link href="/areas">{t('uses.areas', { count: counts.areas })}</Link>}
                    {counts.entities + counts.devices + counts.areas === 0 && <span>{t('uses.none')}</span>}
                  </span>
                </span>
                <Menu
                  label={t('menu', { name: label.name })}
                  entries={[
                    { id: 'edit', label: t('edit'), icon: mdiPencil, run: () => setEditing({ label }) },
                    { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: '', run: () => setRemoving(label) },
                  ]}
                />
              </li>
            );
          })}
        </ul>
      )}
      {editing && <LabelDialog label={editing.label} onClose={() => setEditing(null)} />}
      <ConfirmDialog open={removing !== null} danger busy={busy} title={t('deleteTitle', { name: removing?.name ?? '' })} text={t('deleteText')} confirm={t('delete')} onConfirm={() => void remove()} onClose={() => setRemoving(null)} />
    </>
  );
}
