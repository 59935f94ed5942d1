/** What the server's API speaks of, in the shapes that the interface keeps. Times are milliseconds since 1970. */

export interface Entity {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Attributes>;
  readonly lastChanged: number;
  readonly lastUpdated: number;
  readonly context: Context;
}

export interface Attributes {
  friendly_name?: string;
  icon?: string;
  device_class?: string;
  unit_of_measurement?: string;
  supported_features?: number;
  entity_picture?: string;
  [name: string]: unknown;
}

export interface Context {
  id: string;
  parent_id?: string | null;
  user_id?: string | null;
}

export interface Area {
  area_id: string;
  name: string;
  floor_id: string | null;
  icon: string | null;
  picture: string | null;
  labels: string[];
  aliases: string[];
  temperature_entity_id?: string | null;
  humidity_entity_id?: string | null;
}

export interface Floor {
  floor_id: string;
  name: string;
  level: number | null;
  icon: string | null;
  aliases: string[];
}

export interface Label {
  label_id: string;
  name: string;
  color: string | null;
  icon: string | null;
  description: string | null;
}

export interface Device {
  id: string;
  name: string | null;
  name_by_user: string | null;
  manufacturer: string | null;
  model: string | null;
  sw_version: string | null;
  hw_version: string | null;
  serial_number: string | null;
  area_id: string | null;
  labels: string[];
  disabled_by: string | null;
  entry_type: string | null;
  via_device_id: string | null;
  configuration_url: string | null;
  config_entries: string[];
  primary_config_entry: string | null;
  identifiers: [string, string][];
  connections: [string, string][];
}

/** An entity's entry in the registry, as much as lists need; `config/entity_registry/get` has the rest. */
export interface EntityEntry {
  entity_id: string;
  platform: string;
  name: string | null;
  icon: string | null;
  area_id: string | null;
  device_id: string | null;
  labels: string[];
  hidden: boolean;
  category: 'config' | 'diagnostic' | null;
  translation_key: string | null;
  /** Digits after the decimal point to show; null: as the state says. */
  precision: number | null;
}

export interface User {
  id: string;
  name: string;
  is_owner: boolean;
  is_admin: boolean;
  credentials: { auth_provider_type: string; auth_provider_id: string | null }[];
  mfa_modules: { id: string; name: string; enabled: boolean }[];
}

/** `marge/me`: rights, and who among the home's people the user is. */
export interface Me {
  may_read: boolean;
  may_control: boolean;
  /** False: nobody needs to log in here. */
  login: boolean;
  /** `editable`: false where it stands in the files. */
  person: { id: string; name: string; picture: string | null; editable: boolean } | null;
}

export interface HomeConfig {
  location_name: string;
  latitude: number;
  longitude: number;
  elevation: number;
  radius: number;
  unit_system: Record<string, string>;
  time_zone: string;
  currency: string;
  country: string | null;
  language: string;
  internal_url?: string | null;
  external_url?: string | null;
  version: string;
  state: string;
  components: string[];
  safe_mode: boolean;
  recovery_mode: boolean;
}

/** What a service can be told: `selector` says which control shows a field. */
export interface Service {
  name?: string;
  description?: string;
  target?: Record<string, unknown> | null;
  fields: Record<string, ServiceField>;
  response?: { optional: boolean };
}

export interface ServiceField {
  name?: string;
  description?: string;
  required?: boolean;
  advanced?: boolean;
  example?: unknown;
  default?: unknown;
  selector?: Selector;
  /** A group of fields. */
  fields?: Record<string, ServiceField>;
  collapsed?: boolean;
}

export type Services = Record<string, Record<string, Service>>;

/** `{number: {min: 0, max: 100}}`: one key, the kind of control; its value configures it. */
export type Selector = Record<string, Record<string, unknown> | null>;

export interface Target {
  entity_id?: string | string[];
  device_id?: string | string[];
  area_id?: string | string[];
  floor_id?: string | string[];
  label_id?: string | string[];
}
