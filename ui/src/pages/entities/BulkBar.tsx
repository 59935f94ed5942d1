/** What can be done with the chosen entities. */

import { useState } from 'react';
import { mdiClose, mdiDelete, mdiEye, mdiEyeOff, mdiLabelOff, mdiLabelOutline, mdiPower, mdiPowerOff, mdiTextureBox, mdiToggleSwitch, mdiToggleSwitchOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, IconButton } from '@/components/Button';
import { ConfirmDialog, Dialog } from '@/components/Dialog';
import { ComboBox } from '@/components/fields';
import { Menu, type MenuEntry } from '@/components/Menu';
import { useAreaOptions, useLabelOptions } from '@/components/pickers';
import { useConnected, useSession, useUser } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { type BulkAction, type Refusal, run } from './bulk';
import styles from './Entities.module.css';
import type { EntityRow } from './rows';

type Asking = 'area' | 'label' | 'unlabel' | 'delete' | 'disable' | null;

export function BulkBar({ rows, onDone, onClear }: { rows: readonly EntityRow[]; onDone: () => void; onClear: () => void }) {
  const { t } = useTranslation('entities');
  const session = useSession();
  const user = useUser();
  const mayControl = useMayControl();
  const connected = useConnected();
  const [asking, setAsking] = useState<Asking>(null);
  const [choice, setChoice] = useState('');
  const [progress, setProgress] = useState<number | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const areas = useAreaOptions();
  const labels = useLabelOptions();
  const count = rows.length;
  const busy = progress !== null;

  const go = async (action: BulkAction) => {
    setAsking(null);
    setProgress(0);
    const found = await run(session, rows, action, setProgress);
    setProgress(null);
    setRefused(found);
    if (found.length < count) toast.ok(t('bulk.done', { count: count - found.length }));
    onDone();
  };
  const ask = (what: Asking) => {
    setChoice('');
    setAsking(what);
  };
  const entries: MenuEntry[] = [
    { id: 'label', label: t('bulk.label'), icon: mdiLabelOutline, run: () => ask('label') },
    { id: 'unlabel', label: t('bulk.unlabel'), icon: mdiLabelOff, run: () => ask('unlabel') },
    { id: 'enable', label: t('bulk.enable'), icon: mdiToggleSwitch, section: '', run: () => void go({ kind: 'enable', enabled: true }) },
    { id: 'disable', label: t('bulk.disable'), icon: mdiToggleSwitchOff, section: '', run: () => ask('disable') },
    { id: 'show', label: t('bulk.show'), icon: mdiEye, section: '', run: () => void go({ kind: 'hide', hidden: false }) },
    { id: 'hide', label: t('bulk.hide'), icon: mdiEyeOff, section: '', run: () => void go({ kind: 'hide', hidden: true }) },
    { id: 'delete', label: t('bulk.delete'), icon: mdiDelete, section: ' ', danger: true, run: () => ask('delete') },
  ];
  const options = asking === 'area' ? [{ value: '', label: t('none.area') }, ...areas] : labels;
  return (
    <>
      <div className={styles.bar} role="region" aria-label={t('bulk.title')}>
        <strong role="status">{busy ? t('bulk.progress', { done: progress, count }) : t('bulk.chosen', { count })}</strong>
        <Button small icon={mdiPower} isDisabled={busy || !connected || !mayControl} onPress={() => void go({ kind: 'turn', on: true })}>
          {t('bulk.on')}
        </Button>
        <Button small icon={mdiPowerOff} isDisabled={busy || !connected || !mayControl} onPress={() => void go({ kind: 'turn', on: false })}>
          {t('bulk.off')}
        </Button>
        {user.is_admin && (
          <>
            <Button small icon={mdiTextureBox} isDisabled={busy || !connected} onPress={() => ask('area')}>
              {t('column.area')}
            </Button>
            {!busy && connected && <Menu label={t('bulk.more')} entries={entries} />}
          </>
        )}
        <IconButton icon={mdiClose} label={t('bulk.clear')} isDisabled={busy} onPress={onClear} />
      </div>
      <Dialog
        open={asking === 'area' || asking === 'label' || asking === 'unlabel'}
        onClose={() => setAsking(null)}
        size="small"
        title={t(`bulk.${asking === 'area' ? 'area' : asking === 'unlabel' ? 'unlabel' : 'label'}`)}
        footer={
          <Button
            kind="primary"
            isDisabled={asking !== 'area' && !choice}
            onPress={() => void go(asking === 'area' ? { kind: 'area', areaId: choice || null } : { kind: 'label', label: choice, add: asking === 'label' })}
          >
            {t('bulk.apply', { count })}
          </Button>
        }
      >
        <div className={styles.form}>
          <ComboBox label={t(asking === 'area' ? 'column.area' : 'bulk.oneLabel')} options={options} value={choice} onChange={setChoice} autoFocus hint={asking !== 'area' && labels.length === 0 ? t('bulk.noLabels') : undefined} />
        </div>
      </Dialog>
      <ConfirmDialog open={asking === 'delete'} danger title={t('bulk.deleteTitle', { count })} text={t('bulk.deleteText')} confirm={t('bulk.delete')} onClose={() => setAsking(null)} onConfirm={() => void go({ kind: 'delete' })} />
      <ConfirmDialog open={asking === 'disable'} title={t('bulk.disableTitle', { count })} text={t('bulk.disableText')} confirm={t('bulk.disable')} onClose={() => setAsking(null)} onConfirm={() => void go({ kind: 'enable', enabled: false })} />
      <Dialog open={refused.length > 0} onClose={() => setRefused([])} size="small" role="alertdialog" title={t('bulk.refused', { count: refused.length })} footer={<Button onPress={() => setRefused([])}>{t('bulk.close')}</Button>}>
        <ul className={styles.refused}>
          {refused.slice(0, 100).map((each) => (
            <li key={each.id}>
              <strong>{each.id}</strong>
              <span>{each.message}</span>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
