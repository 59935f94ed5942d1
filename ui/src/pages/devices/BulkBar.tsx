/** What can be done with the chosen devices. */

import { useState } from 'react';
import { mdiClose, mdiLabelOff, mdiLabelOutline, mdiTextureBox, mdiToggleSwitch, mdiToggleSwitchOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, ComboBox, ConfirmDialog, Dialog, IconButton, Menu, useAreaOptions, useLabelOptions } from '@/components';
import { useConnected, useSession } from '@/data';
import { inTurns, type Refusal } from '@/pages/entities/bulk';
import styles from './Devices.module.css';
import type { DeviceRow } from './rows';

type Asking = 'area' | 'label' | 'unlabel' | 'disable' | null;

export function BulkBar({ rows, onDone, onClear }: { rows: readonly DeviceRow[]; onDone: () => void; onClear: () => void }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const connected = useConnected();
  const [asking, setAsking] = useState<Asking>(null);
  const [choice, setChoice] = useState('');
  const [progress, setProgress] = useState<number | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const areas = useAreaOptions();
  const labels = useLabelOptions();
  const busy = progress !== null;

  const go = async (changes: (row: DeviceRow) => Record<string, unknown>) => {
    setAsking(null);
    setProgress(0);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const problems = await inTurns([...byId.keys()], (id) => session.command('config/device_registry/update', { device_id: id, ...changes(byId.get(id)!) }), setProgress, 8);
    setProgress(null);
    setRefused(problems);
    if (problems.length < rows.length) toast.ok(t('bulk.done', { count: rows.length - problems.length }));
    onDone();
  };
  const ask = (what: Asking) => {
    setChoice('');
    setAsking(what);
  };
  const apply = () => {
    if (asking === 'area') void go(() => ({ area_id: choice || null }));
    else if (asking === 'label') void go((row) => ({ labels: [...new Set([...row.labels, choice])] }));
    else void go((row) => ({ labels: row.labels.filter((each) => each !== choice) }));
  };
  return (
    <>
      <div className={styles.bar} role="region" aria-label={t('bulk.title')}>
        <strong role="status">{busy ? t('bulk.progress', { done: progress, count: rows.length }) : t('bulk.chosen', { count: rows.length })}</strong>
        <Button small icon={mdiTextureBox} isDisabled={busy || !connected} onPress={() => ask('area')}>
          {t('column.area')}
        </Button>
        {!busy && connected && (
          <Menu
            label={t('bulk.more')}
            entries={[
              { id: 'label', label: t('bulk.label'), icon: mdiLabelOutline, run: () => ask('label') },
              { id: 'unlabel', label: t('bulk.unlabel'), icon: mdiLabelOff, run: () => ask('unlabel') },
              { id: 'enable', label: t('bulk.enable'), icon: mdiToggleSwitch, section: '', run: () => void go(() => ({ disabled_by: null })) },
              { id: 'disable', label: t('bulk.disable'), icon: mdiToggleSwitchOff, section: '', run: () => ask('disable') },
            ]}
          />
        )}
        <IconButton icon={mdiClose} label={t('bulk.clear')} isDisabled={busy} onPress={onClear} />
      </div>
      <Dialog
        open={asking !== null && asking !== 'disable'}
        onClose={() => setAsking(null)}
        size="small"
        title={t(`bulk.${asking === 'area' ? 'area' : asking === 'unlabel' ? 'unlabel' : 'label'}`)}
        footer={
          <Button kind="primary" isDisabled={asking !== 'area' && !choice} onPress={apply}>
            {t('bulk.apply', { count: rows.length })}
          </Button>
        }
      >
        <ComboBox label={t(asking === 'area' ? 'column.area' : 'bulk.oneLabel')} options={asking === 'area' ? [{ value: '', label: t('noArea') }, ...areas] : labels} value={choice} onChange={setChoice} autoFocus hint={asking !== 'area' && labels.length === 0 ? t('bulk.noLabels') : undefined} />
      </Dialog>
      <ConfirmDialog open={asking === 'disable'} title={t('bulk.disableTitle', { count: rows.length })} text={t('disableText')} confirm={t('bulk.disable')} onClose={() => setAsking(null)} onConfirm={() => void go(() => ({ disabled_by: 'user' }))} />
      <Dialog open={refused.length > 0} onClose={() => setRefused([])} size="small" role="alertdialog" title={t('bulk.refused', { count: refused.length })} footer={<Button onPress={() => setRefused([])}>{t('close')}</Button>}>
        <ul className={styles.refused}>
          {refused.slice(0, 100).map((each) => (
            <li key={each.id}>{each.message}</li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
