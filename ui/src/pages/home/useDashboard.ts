/** What a dashboard holds: as stored, or made up of what the home has. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, useAreas, useCommand, useDevices, useEntitiesLoaded, useEntityEntries, useEntityIds, useFloors, useSession, useStore } from '@/data';
import { generate } from '@/lovelace/generate';
import { useCardFiles } from '@/lovelace/host';
import { problemOf } from '@/lovelace/model';
import type { DashboardConfig } from '@/lovelace/types';
import { useFirstView } from './useFirstView';

export interface Shown {
  config: DashboardConfig | null;
  /** Whether nobody has written it. */
  automatic: boolean;
  error: ApiError | null;
  reload: () => void;
}

/** The default dashboard's name in addresses. */
export const DEFAULT = 'lovelace';

export const urlPathOf = (dashboard: string | undefined): string | null => (dashboard === undefined || dashboard === DEFAULT ? null : dashboard);

export function useDashboard(urlPath: string | null): Shown {
  const { t } = useTranslation('home');
  const session = useSession();
  const stored = useCommand<DashboardConfig>('lovelace/config', { url_path: urlPath }, ['lovelace_updated']);
  const ids = useEntityIds();
  const loaded = useEntitiesLoaded();
  const [entries, devices, areas, floors] = [useEntityEntries(), useDevices(), useAreas(), useFloors()];
  const { registries } = session;
  const all = [useStore(registries.entities.ready), useStore(registries.devices.ready), useStore(registries.areas.ready), useStore(registries.floors.ready)];
  const missing = stored.error?.code === 'config_not_found' || (stored.data && (stored.data.strategy !== undefined || (urlPath === null && stored.data.views?.length === 0)));
  const isReady = loaded && all.every(Boolean);
  const made = useMemo(
    () =>
      missing && isReady
        ? generate({ entities: ids.map((id) => session.entities.get(id)).filter((entity) => entity !== undefined), entries, devices, areas, floors }, (key) => t(`kinds.${key}`))
        : null,
    [missing, isReady, ids, session, entries, devices, areas, floors, t],
  );
  const shown = missing ? made : (stored.data ?? null);
  const first = useFirstView(urlPath === null ? shown : null, made !== null, loaded);
  const own = stored.data && problemOf(stored.data) === null && (loaded || (urlPath === null && first.complete)) ? stored.data : null;
  const config = missing ? (made ?? (urlPath === null ? first.made : null)) : own;
  const drawn = useCardFiles(config);
  return { config: drawn ? config : null, automatic: Boolean(missing), error: missing ? null : stored.error, reload: stored.reload };
}
