/** Config entries and the names of integrations, as devices are shown with. */

import { useMemo, useState } from 'react';
import { useCommand, useSubscription } from '@/data';

export interface ConfigEntry {
  entry_id: string;
  domain: string;
  title: string;
  source: string;
  state: string;
  reason: string | null;
  disabled_by: string | null;
  supports_options: boolean;
  supports_reconfigure: boolean;
  supports_remove_device: boolean;
  supports_unload: boolean;
  pref_disable_new_entities: boolean;
  pref_disable_polling: boolean;
}

type Change = { type: 'added' | 'removed' | 'updated' | null; entry: ConfigEntry };

/** Live. undefined until they have been told once. */
export function useConfigEntries(): { entries: ReadonlyMap<string, ConfigEntry> | undefined; error: string | null } {
  const [entries, setEntries] = useState<ReadonlyMap<string, ConfigEntry>>();
  const error = useSubscription<Change[]>({ type: 'config_entries/subscribe' }, (changes) => {
    setEntries((before) => {
      const whole = changes.length === 0 || changes.every((change) => change.type === null); // all of them: at the beginning, and after a reconnect
      const next = whole ? new Map<string, ConfigEntry>() : new Map(before);
      for (const { type, entry } of changes) {
        if (type === 'removed') next.delete(entry.entry_id);
        else next.set(entry.entry_id, entry);
      }
      return next;
    });
  });
  return { entries, error: error?.message ?? null };
}

interface Manifest {
  domain: string;
  name: string;
  config_flow?: boolean;
  integration_type?: string;
  iot_class?: string;
  single_config_entry?: boolean;
  documentation?: string;
}

/** What integrations are called, by domain. */
export function useManifests(): ReadonlyMap<string, Manifest> {
  const { data } = useCommand<Manifest[]>('manifest/list');
  return useMemo(() => new Map((data ?? []).map((each) => [each.domain, each])), [data]);
}
