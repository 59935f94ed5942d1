/** One field that finds entities, areas, devices and labels alike. */

import { useMemo } from 'react';
import { mdiDevices, mdiLabelOutline, mdiShapeOutline, mdiSofaOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { TARGET_KINDS, type TargetKind, type Targets } from '@/data/targets';
import type { Option } from './fields';
import { Icon } from './Icon';
import { MultiPicker, useAreaOptions, useDeviceOptions, useEntityOptions, useLabelOptions } from './pickers';

const ICONS: Record<TargetKind, string> = { entity_id: mdiShapeOutline, device_id: mdiDevices, area_id: mdiSofaOutline, label_id: mdiLabelOutline };

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
        icon: <Icon path={ICONS[kind]} size={20} />,
      }));
    return [...tagged('area_id', areas), ...tagged('label_id', labels), ...tagged('device_id', devices), ...tagged('entity_id', entities)];
  }, [entities, areas, devices, labels, t]);
  const chosen = TARGET_KINDS.flatMap((kind) => value[kind].map((id) => `${kind}:${id}`));
  const change = (next: string[]) => {
    const idsOf = (kind: TargetKind) => next.filter((each) => each.startsWith(`${kind}:`)).map((each) => each.slice(kind.length + 1));
    onChange({ entity_id: idsOf('entity_id'), device_id: idsOf('device_id'), area_id: idsOf('area_id'), label_id: idsOf('label_id') });
  };
  return <MultiPicker label={label} options={options} value={chosen} onChange={change} {...(placeholder ? { placeholder } : {})} />;
}
