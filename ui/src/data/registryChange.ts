/** What can be changed alike in the registries' entries of entities and of devices. */

export type RegistryChange =
  | { kind: 'area'; areaId: string | null }
  | { kind: 'label'; label: string; add: boolean }
  | { kind: 'enable'; enabled: boolean };

/** The fields of `config/…_registry/update`; `labels` are those that the entry has. */
export function fieldsOf(change: RegistryChange, labels: readonly string[]): Record<string, unknown> {
  switch (change.kind) {
    case 'area':
      return { area_id: change.areaId };
    case 'label':
      return { labels: change.add ? [...new Set([...labels, change.label])] : labels.filter((each) => each !== change.label) };
    case 'enable':
      return { disabled_by: change.enabled ? null : 'user' };
  }
}
