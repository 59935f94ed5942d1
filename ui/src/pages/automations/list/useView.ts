/** What a list shows: searched, filtered, grouped, selected. */

import { useCallback, useMemo, useState } from 'react';
import { type Selection, useSelection } from '@/components/selection';
import type { Category } from '@/data/categories';
import { useAreas, useLabels } from '@/data/hooks';
import { type ItemRow, rowKey } from './rows';

export type Grouping = '' | 'category' | 'area';

export interface View {
  search: string;
  setSearch: (search: string) => void;
  filter: Readonly<Record<'area' | 'label' | 'category', string>>;
  setFilter: (key: 'area' | 'label' | 'category', value: string) => void;
  group: Grouping;
  setGroup: (group: Grouping) => void;
  /** Rows that pass the filters; the search is the table's. */
  shown: readonly ItemRow[];
  selection: Selection<ItemRow>;
}

const NO_FILTER = { area: '', label: '', category: '' };

/** @param key where the grouping is remembered in this browser. */
export function useView(key: string, rows: readonly ItemRow[], categories: readonly Category[]): View {
  const areas = useAreas();
  const labels = useLabels();
  const [search, setSearch] = useState('');
  const [wanted, setFilters] = useState(NO_FILTER);
  // What is filtered by may be deleted meanwhile.
  const filter = useMemo(
    () => ({
      area: areas.has(wanted.area) ? wanted.area : '',
      label: labels.has(wanted.label) ? wanted.label : '',
      category: categories.some((each) => each.category_id === wanted.category) ? wanted.category : '',
    }),
    [wanted, areas, labels, categories],
  );
  const [group, remember] = useState<Grouping>(() => (localStorage.getItem(`marge_group/${key}`) ?? '') as Grouping);
  const shown = useMemo(
    () =>
      rows.filter(
        (row) => (!filter.area || row.areaId === filter.area) && (!filter.label || row.labels.includes(filter.label)) && (!filter.category || row.category === filter.category),
      ),
    [rows, filter],
  );
  const selection = useSelection(shown, rowKey);
  return {
    search,
    setSearch,
    filter,
    setFilter: useCallback((which, value) => setFilters((before) => ({ ...before, [which]: value })), []),
    group,
    setGroup: useCallback(
      (next) => {
        localStorage.setItem(`marge_group/${key}`, next);
        remember(next);
      },
      [key],
    ),
    shown,
    selection,
  };
}
