import { useMemo } from 'react';
import { useAreas, useCommand, useDevices, useEntityEntries, useEntityIds, useLabels, useSession } from '@/data/hooks';
import { type DisabledEntry, type EntityRow, rowsOf } from './rows';

const NONE: readonly DisabledEntry[] = [];

/** All rows; those of disabled entities, which only the whole registry knows, when they are asked for. */
export function useRows(withDisabled: boolean): { rows: readonly EntityRow[]; loading: boolean; error: string | null } {
  const { entities } = useSession();
  const ids = useEntityIds();
  const entries = useEntityEntries();
  const devices = useDevices();
  const areas = useAreas();
  const labels = useLabels();
  const all = useCommand<DisabledEntry[]>(withDisabled ? 'config/entity_registry/list' : null, {}, withDisabled ? ['entity_registry_updated'] : []);
  const disabled = useMemo(() => (withDisabled && all.data ? all.data.filter((entry) => entry.disabled_by !== null) : NONE), [withDisabled, all.data]);
  const rows = useMemo(() => rowsOf({ ids, entityOf: entities.get, entries, devices, areas, labels, disabled }), [ids, entities, entries, devices, areas, labels, disabled]);
  return { rows, loading: withDisabled && all.loading && !all.data, error: withDisabled ? (all.error?.message ?? null) : null };
}
