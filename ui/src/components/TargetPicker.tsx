/** One field that finds entities, areas, devices and labels alike. */

import { type ReactNode, useMemo } from 'react';
import { mdiDevices, mdiLabelOutline, mdiShapeOutline, mdiSofaOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { TARGET_KINDS, type TargetKind, type Targets } from '@/data/targets';
import type { Option } from './fields';
import { Icon } from './Icon';
import { MultiPicker, useAreaOptions, useDeviceOptions, useEntityOptions, useLabelOptions } from './pickers';

/** One element a kind: there may be 50,000 options. */
const ICONS: Record<TargetKind, ReactNode> = {
  entity_id: <Icon path={mdiShapeOutline} size={20} />,
  device_id: <Icon path={mdiDevices} size={20} />,
  area_id: <Icon path={mdiSofaOutline} size={20} />,
  label_id: <Icon path={mdiLabelOutline} size={20} />,
};

interface Props {
  label: string;
  value: Targets;
  onChange: (value: Targets) => void;
  placeholder?: string;
}

export function TargetPicker({ label, value, onChange, placeholder }: Props) {
  const { t } = useTranslation('components');
  const entities = useEntityOptions();
  const areas = useAreaOptions();
  const devices = useDeviceOptions();
  const labels = useLabelOptions();
  const options = useMemo(() => {
    const tagged = (kind: TargetKind, list: readonly Option[]): Option[] =>
      list.map((each) => ({
        value: `${kind}:${each.value}`,
        label: each.label,
        text: [t(`target.${kind}`), each.text].filter(Boolean).join(' · '),
        icon: ICONS[kind],
      }));
    const known = new Set([...areas, ...labels, ...devices, ...entities].map((each) => each.value));
    // Of an old link: what it names may be gone, and is named by its id.
    const gone = TARGET_KINDS.flatMap((kind) => tagged(kind, value[kind].filter((id) => !known.has(id)).map((id) => ({ value: id, label: id }))));
    return [...gone, ...tagged('area_id', areas), ...tagged('label_id', labels), ...tagged('device_id', devices), ...tagged('entity_id', entities)];
  }, [entities, areas, devices, labels, value, t]);
  const chosen = TARGET_KINDS.flatMap((kind) => value[kind].map((id) => `${kind}:${id}`));
  const change = (next: string[]) => {
    const idsOf = (kind: TargetKind) => next.filter((each) => each.startsWith(`${kind}:`)).map((each) => each.slice(kind.length + 1));
    onChange({ entity_id: idsOf('entity_id'), device_id: idsOf('device_id'), area_id: idsOf('area_id'), label_id: idsOf('label_id') });
  };
  return <MultiPicker label={label} options={options} value={chosen} onChange={change} {...(placeholder ? { placeholder } : {})} />;
}
