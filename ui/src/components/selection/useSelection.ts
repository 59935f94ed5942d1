import { useCallback, useMemo, useState } from 'react';
import type { DataTableProps } from '../DataTable';

/** Which rows of a list are selected; `selected` is null until somebody begins to. */
export interface Selection<Row> {
  selected: ReadonlySet<string> | null;
  setSelected: (selected: ReadonlySet<string> | null) => void;
  /** The selected rows that are still there. */
  chosen: readonly Row[];
  /** None is selected any longer; it goes on. */
  clear: () => void;
  /** For the `DataTable`. */
  table: Pick<DataTableProps<Row>, 'selected' | 'onSelect'>;
}

/** @param keyOf as the table's `rowKey`: keep it stable. */
export function useSelection<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Selection<Row> {
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  const chosen = useMemo(() => (selected?.size ? rows.filter((row) => selected.has(keyOf(row))) : []), [rows, selected, keyOf]);
  const clear = useCallback(() => setSelected(new Set()), []);
  return { selected, setSelected, chosen, clear, table: selected ? { selected, onSelect: setSelected } : {} };
}
