/** The states of all entities: one map, told of changes once a frame, each row by itself. */

import type { Attributes, Context, Entity } from './types';

/** `subscribe_entities` as it comes: added, changed, removed. */
export interface EntitiesMessage {
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

function contextOf(value: string | Context | undefined, before?: Context): Context {
  if (value === undefined) return before ?? { id: '' };
  if (typeof value === 'string') return { id: value, parent_id: null, user_id: null };
  return { ...before, ...value } as Context;
}

export class EntityStore {
  private states = new Map<string, Entity>();
  private byId = new Map<string, Set<Listener>>();
  private ofIds = new Set<Listener>();
  private ofAll = new Set<ChangeListener>();
  private changed = new Set<string>();
  private idsChanged = false;
  private scheduled = false;
  private replaceAll = true;
  private list: readonly string[] = [];
  private domains = new Map<string, readonly string[]>();
  /** Whether all states were told once. */
  loaded = false;

  constructor(private readonly schedule: (work: () => void) => void = soon) {}

  readonly get = (entityId: string): Entity | undefined => this.states.get(entityId);

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

  all(): IterableIterator<Entity> {
    return this.states.values();
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

  /** The connection was lost: the next message holds everything that there is. */
  expectAll(): void {
    this.replaceAll = true;
  }

  apply(message: EntitiesMessage): void {
    const seen = this.replaceAll && message.a ? new Set<string>() : null;
    for (const [id, short] of Object.entries(message.a ?? {})) {
      seen?.add(id);
      if (!this.states.has(id)) this.idsChanged = true;
      const lastChanged = short.lc * 1000;
      this.put({
        entity_id: id,
        state: short.s,
        attributes: short.a,
        lastChanged,
        lastUpdated: short.lu === undefined ? lastChanged : short.lu * 1000,
        context: contextOf(short.c),
      });
    }
    if (seen) {
      this.replaceAll = false;
      for (const id of [...this.states.keys()]) if (!seen.has(id)) this.drop(id);
      if (!this.loaded) {
        this.loaded = true;
        this.idsChanged = true;
      }
    }
    for (const [id, { '+': plus, '-': minus }] of Object.entries(message.c ?? {})) {
      const before = this.states.get(id);
      if (!before) continue;
      let attributes = before.attributes;
      if (plus?.a || minus?.a) {
        const next: Attributes = { ...attributes, ...plus?.a };
        for (const name of minus?.a ?? []) delete next[name];
        attributes = next;
      }
      const lastChanged = plus?.lc === undefined ? before.lastChanged : plus.lc * 1000;
      const updated = plus?.lu ?? plus?.lc;
      this.put({
        entity_id: id,
        state: plus?.s ?? before.state,
        attributes,
        lastChanged,
        lastUpdated: updated === undefined ? before.lastUpdated : updated * 1000,
        context: contextOf(plus?.c, before.context),
      });
    }
    for (const id of message.r ?? []) this.drop(id);
    if (!this.scheduled && (this.changed.size || this.idsChanged)) {
      this.scheduled = true;
      this.schedule(() => this.flush());
    }
  }

  private put(entity: Entity): void {
    this.states.set(entity.entity_id, entity);
    this.changed.add(entity.entity_id);
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
    if (this.idsChanged) {
      this.idsChanged = false;
      this.list = [...this.states.keys()];
      this.domains.clear();
      for (const listener of [...this.ofIds]) listener();
    }
    for (const id of changed) for (const listener of [...(this.byId.get(id) ?? [])]) listener();
    for (const listener of [...this.ofAll]) listener(changed);
  }
}
