import { useMemo } from 'react';
import { useAreas, useCommand, useDevices, useEntitiesLoaded, useEntityEntries, useEntityIds, useLabels, useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import { type DisabledEntry, type EntityRow, rowsOf } from './rows';

const NONE: readonly DisabledEntry[] = [];
const NO_ROWS: readonly EntityRow[] = [];

/** All rows; those of disabled entities, which only the whole registry knows, when they are asked for. */
export function useRows(withDisabled: boolean): { rows: readonly EntityRow[]; loading: boolean; error: string | null } {
  const { entities, registries } = useSession();
  const loaded = useEntitiesLoaded();
  const ids = useEntityIds();
  const entries = useEntityEntries();
  const devices = useDevices();
  const areas = useAreas();
  const labels = useLabels();
  const all = useCommand<DisabledEntry[]>(withDisabled ? 'config/entity_registry/list' : null, {}, withDisabled ? ['entity_registry_updated'] : []);
  const disabled = useMemo(() => (withDisabled && all.data ? all.data.filter((entry) => entry.disabled_by !== null) : NONE), [withDisabled, all.data]);
  // Once, when all is there: for each of five answers anew is what a large home would wait for.
  const settled = [useStore(registries.entities.settled), useStore(registries.devices.settled), useStore(registries.areas.settled), useStore(registries.labels.settled)];
  const complete = loaded && settled.every(Boolean);
  const rows = useMemo(
    () => (complete ? rowsOf({ ids, friendlyName: (id) => entities.attribute(id, 'friendly_name'), entries, devices, areas, labels, disabled }) : NO_ROWS),
    [complete, ids, entities, entries, devices, areas, labels, disabled],
  );
  return { rows, loading: !complete || (withDisabled && all.loading && !all.data), error: withDisabled ? (all.error?.message ?? null) : null };
}
