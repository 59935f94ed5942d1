/** The states of all entities: one map, told of changes once a frame, each row by itself. */

import { contextOf, Packed, type Row, type Shape } from './portions';
import { Store } from './store';
import type { Attributes, Context, Entity } from './types';

/**
 * `marge/entities/subscribe` as it comes: when it began, portions of rows, the end of them; then as of `subscribe_entities`
 * what was added, changed, removed.
 */
export interface EntitiesMessage {
  now?: number;
  shapes?: Shape[];
  rows?: Row[];
  all?: true;
  a?: Record<string, Short>;
  c?: Record<string, { '+'?: Partial<Short>; '-'?: { a?: string[] } }>;
  r?: string[];
}

interface Short {
  s: string;
  a: Attributes;
  c: string | Context;
  lc: number;
  lu?: number;
}

type Listener = () => void;
type ChangeListener = (changed: ReadonlySet<string>) => void;

/** Once a frame while the page is seen; a hidden page gets no frames, and need not hurry. */
function soon(work: () => void): void {
  if (typeof document !== 'undefined' && document.visibilityState === 'hidden') setTimeout(work, 250);
  else requestAnimationFrame(work);
}

export class EntityStore {
  private states = new Map<string, Entity | Packed>();
  private byId = new Map<string, Set<Listener>>();
  private ofIds = new Set<Listener>();
  private ofAll = new Set<ChangeListener>();
  private changed = new Set<string>();
  private idsChanged = false;
  private scheduled = false;
  /** While the whole list comes: what was in it so far. */
  private seen: Set<string> | null = new Set();
  private shapes: Shape[] = [];
  private now = 0;
  private list: readonly string[] = [];
  private domains = new Map<string, readonly string[]>();
  /** Whether all states were told once. */
  loaded = false;
  /** Whether some were: those that were asked for first. */
  readonly begun = new Store(false);

  constructor(private readonly schedule: (work: () => void) => void = soon) {}

  readonly get = (entityId: string): Entity | undefined => {
    const found = this.states.get(entityId);
    if (!(found instanceof Packed)) return found;
    const entity = found.unpack();
    this.states.set(entityId, entity);
    return entity;
  };

  /** One attribute of an entity, for who asks all of them: cheaper than `get`. */
  attribute(entityId: string, name: string): unknown {
    const found = this.states.get(entityId);
    return found instanceof Packed ? found.attribute(name) : found?.attributes[name];
  }

  /** The state alone, for who asks all of them. */
  stateOf(entityId: string): string | undefined {
    const found = this.states.get(entityId);
    return found instanceof Packed ? found.row[1] : found?.state;
  }

  /** All ids in the order in which the server made them; the same array until one comes or goes. */
  readonly ids = (): readonly string[] => this.list;

  /** The ids of a domain; the same array until one of any domain comes or goes. */
  idsOf(domain: string): readonly string[] {
    let found = this.domains.get(domain);
    if (found === undefined) {
      found = this.list.filter((id) => id.startsWith(`${domain}.`));
      this.domains.set(domain, found);
    }
    return found;
  }

  get size(): number {
    return this.states.size;
  }

  /** Changes of one entity, its coming and going. */
  subscribe(entityId: string, listener: Listener): () => void {
    let listeners = this.byId.get(entityId);
    if (!listeners) this.byId.set(entityId, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byId.get(entityId) === listeners) this.byId.delete(entityId);
    };
  }

  /** Entities that come or go. */
  readonly subscribeIds = (listener: Listener): (() => void) => {
    this.ofIds.add(listener);
    return () => {
      this.ofIds.delete(listener);
    };
  };

  /** All changes, once a frame, with the ids that changed. */
  subscribeAll(listener: ChangeListener): () => void {
    this.ofAll.add(listener);
    return () => {
      this.ofAll.delete(listener);
    };
  }

  /** The connection was lost: what comes next is everything that there is. */
  expectAll(): void {
    this.seen = new Set();
  }

  apply(message: EntitiesMessage): void {
    if (message.now !== undefined) {
      this.now = message.now;
      this.shapes = [];
    }
    if (message.shapes) this.shapes.push(...message.shapes);
    for (const row of message.rows ?? []) this.put(row[0], new Packed(row, this.shapes[row[5]]!, this.now));
    for (const [id, short] of Object.entries(message.a ?? {})) this.put(id, this.added(id, short));
    if (message.rows || message.a) this.begun.set(true);
    if (message.all) this.complete();
    for (const [id, { '+': plus, '-': minus }] of Object.entries(message.c ?? {})) this.differ(id, plus, minus?.a ?? []);
    for (const id of message.r ?? []) this.drop(id);
    if (!this.scheduled && (this.changed.size || (this.idsChanged && this.seen === null))) {
      this.scheduled = true;
      this.schedule(() => this.flush());
    }
  }

  private added(id: string, short: Short): Entity {
    const lastChanged = short.lc * 1000;
    return {
      entity_id: id,
      state: short.s,
      attributes: short.a,
      lastChanged,
      lastUpdated: short.lu === undefined ? lastChanged : short.lu * 1000,
      context: contextOf(short.c),
    };
  }

  private differ(id: string, plus: Partial<Short> | undefined, gone: readonly string[]): void {
    const before = this.get(id);
    if (!before) return;
    let attributes = before.attributes;
    if (plus?.a || gone.length) {
      const next: Attributes = { ...attributes, ...plus?.a };
      for (const name of gone) delete next[name];
      attributes = next;
    }
    const lastChanged = plus?.lc === undefined ? before.lastChanged : plus.lc * 1000;
    const updated = plus?.lu ?? plus?.lc;
    this.put(id, {
      entity_id: id,
      state: plus?.s ?? before.state,
      attributes,
      lastChanged,
      lastUpdated: updated === undefined ? before.lastUpdated : updated * 1000,
      context: typeof plus?.c === 'object' ? { ...before.context, ...plus.c } : plus?.c === undefined ? before.context : contextOf(plus.c),
    });
  }

  /** All were told: what was not among them is gone. */
  private complete(): void {
    const seen = this.seen;
    this.seen = null;
    if (seen) for (const id of [...this.states.keys()]) if (!seen.has(id)) this.drop(id);
    if (this.loaded) return;
    this.loaded = true;
    this.idsChanged = true;
  }

  private put(entityId: string, entity: Entity | Packed): void {
    if (this.seen?.has(entityId)) {
      // It was asked for first, and is told again in its place.
      const known = this.states.get(entityId)!;
      this.states.delete(entityId);
      this.states.set(entityId, known);
      return;
    }
    this.seen?.add(entityId);
    if (!this.states.has(entityId)) this.idsChanged = true;
    this.states.set(entityId, entity);
    // While all come for the first time, only those who wait for this one want to know.
    if (this.loaded || this.byId.has(entityId)) this.changed.add(entityId);
  }

  private drop(entityId: string): void {
    if (!this.states.delete(entityId)) return;
    this.changed.add(entityId);
    this.idsChanged = true;
  }

  private flush(): void {
    this.scheduled = false;
    const changed = this.changed;
    this.changed = new Set();
    if (this.idsChanged && this.seen === null) {
      this.idsChanged = false;
      this.list = [...this.states.keys()];
      this.domains.clear();
      for (const listener of [...this.ofIds]) listener();
    }
    for (const id of changed) for (const listener of [...(this.byId.get(id) ?? [])]) listener();
    for (const listener of [...this.ofAll]) listener(changed);
  }
}
