import { useMemo } from 'react';
import type { Option } from '@/components';
import { useCommand, useSession } from '@/data';
import { nameOf } from '@/data/words';

interface Metadata {
  statistic_id: string;
  name: string | null;
  unit_class: string | null;
  statistics_unit_of_measurement: string | null;
}

export type UnitClass = 'energy' | 'volume' | 'money';

/** Statistics that add up, as options of those units; and the name of any. */
export function useStatistics(): { options: (classes: readonly UnitClass[]) => Option[]; name: (id: string) => string; loading: boolean } {
  const { entities } = useSession();
  const list = useCommand<Metadata[]>('recorder/list_statistic_ids', { statistic_type: 'sum' });
  return useMemo(() => {
    const all = list.data ?? [];
    const names = new Map(all.map((each) => [each.statistic_id, each.name]));
    const name = (id: string) => names.get(id) ?? nameOf(entities.get(id), id.replace(':', '.'));
    const classOf = (each: Metadata) => (each.unit_class === 'energy' || each.unit_class === 'volume' ? each.unit_class : 'money');
    const options = (classes: readonly UnitClass[]): Option[] =>
      all
        .filter((each) => classes.includes(classOf(each)))
        .map((each) => ({ value: each.statistic_id, label: name(each.statistic_id), text: `${each.statistic_id} · ${each.statistics_unit_of_measurement ?? ''}` }))
        .sort((a, b) => a.label.localeCompare(b.label));
    return { options, name, loading: list.loading && !list.data };
  }, [list.data, list.loading, entities]);
}
