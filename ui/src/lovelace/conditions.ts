/** Whether a conditional card is shown. Pure; states are looked up by the caller. */

import type { Entity } from '@/data/types';

export interface Condition {
  condition?: string;
  entity?: string;
  state?: string | string[];
  state_not?: string | string[];
  above?: number | string;
  below?: number | string;
  conditions?: Condition[];
  users?: string[];
  media_query?: string;
}

const among = (state: string, wanted: string | string[]) => (Array.isArray(wanted) ? wanted.map(String).includes(state) : String(wanted) === state);

/** A limit: a number, or an entity whose state is one. */
function limit(value: number | string | undefined, get: (id: string) => Entity | undefined): number | null {
  if (value === undefined) return null;
  const found = typeof value === 'string' && value.includes('.') && Number.isNaN(Number(value)) ? get(value)?.state : value;
  const number = Number(found);
  return Number.isNaN(number) ? null : number;
}

export function holds(condition: Condition, get: (id: string) => Entity | undefined, userId: string, matches: (query: string) => boolean): boolean {
  const all = (each: Condition) => holds(each, get, userId, matches);
  switch (condition.condition ?? 'state') {
    case 'and':
      return (condition.conditions ?? []).every(all);
    case 'or':
      return (condition.conditions ?? []).some(all);
    case 'not':
      return !(condition.conditions ?? []).some(all);
    case 'user':
      return condition.users?.includes(userId) ?? false;
    case 'screen':
      return matches(condition.media_query ?? '');
    case 'numeric_state': {
      const value = Number(get(condition.entity ?? '')?.state ?? Number.NaN);
      const [above, below] = [limit(condition.above, get), limit(condition.below, get)];
      return !Number.isNaN(value) && (above === null || value > above) && (below === null || value < below);
    }
    case 'state': {
      const state = get(condition.entity ?? '')?.state ?? 'unavailable';
      if (condition.state !== undefined) return among(state, condition.state);
      return condition.state_not !== undefined && !among(state, condition.state_not);
    }
    default:
      return false;
  }
}

/** The entities that conditions look at. */
export function entitiesOf(conditions: readonly Condition[]): string[] {
  return conditions.flatMap((each) => [
    ...(each.entity ? [each.entity] : []),
    ...[each.above, each.below].filter((value): value is string => typeof value === 'string' && Number.isNaN(Number(value))),
    ...entitiesOf(each.conditions ?? []),
  ]);
}
