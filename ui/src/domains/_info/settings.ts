/** The settings of an entity as a form holds them, and the command that a change of it becomes. Pure. */

export interface RegistryEntry {
  entity_id: string;
  unique_id: string;
  platform: string;
  name: string | null;
  original_name: string | null;
  icon: string | null;
  original_icon: string | null;
  area_id: string | null;
  device_id: string | null;
  config_entry_id: string | null;
  labels: string[];
  aliases: string[];
  disabled_by: string | null;
  hidden_by: string | null;
  entity_category: string | null;
  options: Record<string, Record<string, unknown> | undefined>;
}

export interface SettingsForm {
  name: string;
  icon: string;
  entityId: string;
  /** Empty: that of its device. */
  areaId: string;
  labels: readonly string[];
  aliases: readonly string[];
  enabled: boolean;
  visible: boolean;
  /** Options of its domain that this form knows; undefined: none. */
  options: Readonly<Record<string, string | number | undefined>>;
}

/** Which options a domain has here. */
export const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  sensor: ['display_precision', 'unit_of_measurement'],
  number: ['unit_of_measurement'],
  lock: ['default_code'],
  alarm_control_panel: ['default_code'],
};

export function formOf(entry: RegistryEntry): SettingsForm {
  const domain = entry.entity_id.split('.')[0] ?? '';
  const options = entry.options[domain] ?? {};
  return {
    name: entry.name ?? '',
    icon: entry.icon ?? '',
    entityId: entry.entity_id,
    areaId: entry.area_id ?? '',
    labels: entry.labels,
    aliases: entry.aliases,
    enabled: entry.disabled_by === null,
    visible: entry.hidden_by === null,
    options: Object.fromEntries((OPTIONS[domain] ?? []).map((key) => [key, (options[key] ?? undefined) as string | number | undefined])),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The payload of `config/entity_registry/update`; null: nothing differs. */
export function changesOf(entry: RegistryEntry, form: SettingsForm): Record<string, unknown> | null {
  const before = formOf(entry);
  const domain = entry.entity_id.split('.')[0] ?? '';
  const changes: Record<string, unknown> = {};
  if (form.name.trim() !== before.name) changes.name = form.name.trim() || null;
  if (form.icon.trim() !== before.icon) changes.icon = form.icon.trim() || null;
  if (form.areaId !== before.areaId) changes.area_id = form.areaId || null;
  if (!same([...form.labels].sort(), [...before.labels].sort())) changes.labels = form.labels;
  if (!same(form.aliases, before.aliases)) changes.aliases = form.aliases;
  if (form.enabled !== before.enabled) changes.disabled_by = form.enabled ? null : 'user';
  if (form.visible !== before.visible) changes.hidden_by = form.visible ? null : 'user';
  if (form.entityId !== before.entityId) changes.new_entity_id = form.entityId;
  if (!same(form.options, before.options)) {
    const merged: Record<string, unknown> = { ...entry.options[domain], ...form.options };
    changes.options_domain = domain;
    changes.options = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== ''));
  }
  return Object.keys(changes).length ? changes : null;
}

/** A key of the text that says what is wrong with an id; null: nothing. */
export function idProblem(domain: string, entityId: string): 'info.idDomain' | 'info.idForm' | null {
  if (!entityId.startsWith(`${domain}.`)) return 'info.idDomain';
  return /^[a-z0-9]+(_[a-z0-9]+)*$/.test(entityId.slice(domain.length + 1)) ? null : 'info.idForm';
}

export const iconProblem = (icon: string): boolean => icon.trim() !== '' && !/^[a-z0-9_-]+:[a-z0-9-]+$/.test(icon.trim());
