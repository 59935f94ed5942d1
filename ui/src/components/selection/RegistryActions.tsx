/** What can be done with selected entities and devices alike: an area, labels, and whether they are enabled. */

import { useState } from 'react';
import { mdiLabelOff, mdiLabelOutline, mdiTextureBox, mdiToggleSwitch, mdiToggleSwitchOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { RegistryChange } from '@/data/registryChange';
import { Button } from '../Button';
import { ConfirmDialog, Dialog } from '../Dialog';
import { ComboBox } from '../fields';
import { Menu, type MenuEntry } from '../Menu';
import { useAreaOptions, useLabelOptions } from '../pickers';

interface Props {
  count: number;
  ready: boolean;
  /** What becomes of those that are disabled. */
  disableText: string;
  onChange: (change: RegistryChange) => void;
  /** Further entries of the menu. */
  more?: readonly MenuEntry[];
}

type Choosing = 'area' | 'label' | 'unlabel';

export function RegistryActions({ count, ready, disableText, onChange, more = [] }: Props) {
  const { t } = useTranslation('components');
  const [asking, setAsking] = useState<Choosing | 'disable' | null>(null);
  const close = () => setAsking(null);
  const change = (what: RegistryChange) => {
    close();
    onChange(what);
  };
  return (
    <>
      <Button small icon={mdiTextureBox} isDisabled={!ready} onPress={() => setAsking('area')}>
        {t('selection.oneArea')}
      </Button>
      {ready && (
        <Menu
          label={t('moreOf')}
          entries={[
            { id: 'label', label: t('selection.label'), icon: mdiLabelOutline, run: () => setAsking('label') },
            { id: 'unlabel', label: t('selection.unlabel'), icon: mdiLabelOff, run: () => setAsking('unlabel') },
            { id: 'enable', label: t('selection.enable'), icon: mdiToggleSwitch, section: '', run: () => change({ kind: 'enable', enabled: true }) },
            { id: 'disable', label: t('selection.disable'), icon: mdiToggleSwitchOff, section: '', run: () => setAsking('disable') },
            ...more,
          ]}
        />
      )}
      {asking && asking !== 'disable' && <ChooseDialog what={asking} count={count} onClose={close} onChange={change} />}
      <ConfirmDialog open={asking === 'disable'} title={t('selection.disableTitle', { count })} text={disableText} confirm={t('selection.disable')} onClose={close} onConfirm={() => change({ kind: 'enable', enabled: false })} />
    </>
  );
}

function ChooseDialog({ what, count, onClose, onChange }: { what: Choosing; count: number; onClose: () => void; onChange: (change: RegistryChange) => void }) {
  const { t } = useTranslation('components');
  const [choice, setChoice] = useState('');
  const areas = useAreaOptions();
  const labels = useLabelOptions();
  const isArea = what === 'area';
  return (
    <Dialog
      open
      onClose={onClose}
      size="small"
      title={t(`selection.${what}`)}
      footer={
        <Button kind="primary" isDisabled={!isArea && !choice} onPress={() => onChange(isArea ? { kind: 'area', areaId: choice || null } : { kind: 'label', label: choice, add: what === 'label' })}>
          {t('selection.apply', { count })}
        </Button>
      }
    >
      <ComboBox
        label={t(isArea ? 'selection.oneArea' : 'selection.oneLabel')}
        options={isArea ? [{ value: '', label: t('selection.noArea') }, ...areas] : labels}
        value={choice}
        onChange={setChoice}
        autoFocus
        hint={!isArea && labels.length === 0 ? t('selection.noLabels') : undefined}
      />
    </Dialog>
  );
}
