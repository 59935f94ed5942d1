/** States in the server's compact form (`marge/entities/subscribe`); each becomes an object when somebody looks at it. */

import type { Attributes, Context, Entity } from './types';

/** `[names of the values, steady attributes]` */
export type Shape = readonly [readonly string[], Attributes];
/** `[entity id, state, ms from the change to `now`, the same of the update or null, context, shape, values …]` */
export type Row = readonly [string, string, number, number | null, string | Context, number, ...unknown[]];

const VALUES = 6;

export function contextOf(value: string | Context): Context {
  return typeof value === 'string' ? { id: value, parent_id: null, user_id: null } : value;
}

/** One state as it came. */
export class Packed {
  constructor(
    readonly row: Row,
    private readonly shape: Shape,
    private readonly now: number,
  ) {}

  /** One attribute, without making all of them. */
  attribute(name: string): unknown {
    const at = this.shape[0].indexOf(name);
    return at < 0 ? this.shape[1][name] : this.row[VALUES + at];
  }

  unpack(): Entity {
    const { row, now } = this;
    const [names, steady] = this.shape;
    const attributes: Attributes = { ...steady };
    for (let at = 0; at < names.length; at += 1) attributes[names[at]!] = row[VALUES + at];
    const lastChanged = now - row[2];
    return { entity_id: row[0], state: row[1], attributes, lastChanged, lastUpdated: row[3] === null ? lastChanged : now - row[3], context: contextOf(row[4]) };
  }
}
