/** Dashboards as the API stores them (`lovelace/config`). */

export interface CardConfig {
  type: string;
  [option: string]: unknown;
}

export interface SectionConfig {
  type?: string;
  title?: string;
  cards: CardConfig[];
  column_span?: number;
  [option: string]: unknown;
}

export interface ViewConfig {
  title?: string;
  path?: string;
  icon?: string;
  /** `masonry` (or none), `sections`, `panel`, `sidebar`. */
  type?: string;
  /** The same as `type: panel`, as older files say it. */
  panel?: boolean;
  subview?: boolean;
  visible?: boolean | { user: string }[];
  badges?: unknown[];
  cards?: CardConfig[];
  sections?: SectionConfig[];
  [option: string]: unknown;
}

export interface DashboardConfig {
  title?: string;
  views: ViewConfig[];
  strategy?: Record<string, unknown>;
  [option: string]: unknown;
}

export interface Dashboard {
  id: string;
  url_path: string;
  title: string;
  icon?: string;
  show_in_sidebar: boolean;
  require_admin: boolean;
  mode: 'storage' | 'yaml';
}

/** An entity of a card's list: its id, or more about how it is shown. */
export type EntityRow = string | { entity: string; name?: string; icon?: string; [option: string]: unknown } | { type: string; [option: string]: unknown };

export const rowsOf = (config: CardConfig): EntityRow[] => (Array.isArray(config.entities) ? (config.entities as EntityRow[]) : []);

export function idOf(row: EntityRow): string | null {
  if (typeof row === 'string') return row;
  return 'entity' in row && typeof row.entity === 'string' ? row.entity : null;
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
