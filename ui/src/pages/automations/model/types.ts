/** What an automation or a script is while it is edited: the plain value of its YAML, in today's spelling. */

/** A trigger, a condition or an action. */
export type Piece = Record<string, unknown>;
export type Role = 'trigger' | 'condition' | 'action';
export type Path = readonly (string | number)[];

/** The whole: `triggers`, `conditions`, `actions` of an automation, `sequence` of a script. */
export type Config = Record<string, unknown>;

export type Domain = 'automation' | 'script';

/** Where the lists of pieces stand at the top. */
export const PARTS: Record<Domain, readonly { key: string; role: Role }[]> = {
  automation: [
    { key: 'triggers', role: 'trigger' },
    { key: 'conditions', role: 'condition' },
    { key: 'actions', role: 'action' },
  ],
  script: [{ key: 'sequence', role: 'action' }],
};

export const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

/** None, one or several of something, as a list. */
export function asList<T = unknown>(value: unknown): T[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as T[];
}

export const isTemplate = (value: unknown): value is string => typeof value === 'string' && /\{\{|\{%|\{#/.test(value);

/** Ids in a list, in one text with commas, or one alone. */
export function idsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(',').map((each) => each.trim()).filter(Boolean);
  return asList(value).map(String);
}
