import { useCallback, useMemo } from 'react';
import { useCommand, useSession } from '@/data';
import { nameOf } from '@/data/words';

/** The name of a statistic: of its entity, or the one with which it was brought in. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const { entities } = useSession();
  // Those that belong to no entity have a colon in their id.
  const foreign = useMemo(() => [...new Set(ids)].filter((id) => id.includes(':')), [ids]);
  const list = useCommand<{ statistic_id: string; name: string | null }[]>(foreign.length ? 'recorder/get_statistics_metadata' : null, { statistic_ids: foreign });
  const names = useMemo(() => new Map(list.data?.map((each) => [each.statistic_id, each.name])), [list.data]);
  return useCallback((id: string) => names.get(id) ?? nameOf(entities.get(id), id.replace(':', '.')), [names, entities]);
}
