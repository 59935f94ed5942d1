/** Values that live outside of React and are shown by it. */

import { useSyncExternalStore } from 'react';

type Listener = () => void;

/** One value; who shows it renders again when it is another one. */
export class Store<T> {
  private listeners = new Set<Listener>();

  constructor(protected value: T) {}

  readonly get = (): T => this.value;

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  readonly subscribe = (listener: Listener): (() => void) => this.listen(listener);

  protected listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

/**
 * A value that the server keeps up to date, from the first time that somebody looks at it until the session ends.
 *
 * `start` is given a function that sets the value; it fails when the server refuses, and is tried again by the next who looks.
 */
export class Live<T> extends Store<T> {
  private started = false;
  readonly error = new Store<unknown>(null);
  /** Whether the first value is there. */
  readonly ready = new Store(false);
  /** Whether it was told once, or refused: there is nothing to wait for. */
  readonly settled = new Store(false);

  constructor(
    empty: T,
    private readonly start: (set: (value: T) => void, get: () => T) => Promise<unknown>,
  ) {
    super(empty);
  }

  /** Begin if nobody has; the promise ends when the first value is there. */
  open(): Promise<void> {
    if (this.started) return Promise.resolve();
    this.started = true;
    return this.start((value) => this.set(value), this.get).then(
      () => {
        this.error.set(null);
        this.ready.set(true);
        this.settled.set(true);
      },
      (error: unknown) => {
        this.started = false;
        this.error.set(error);
        this.settled.set(true);
      },
    );
  }

  protected override listen(listener: Listener): () => void {
    void this.open();
    return super.listen(listener);
  }
}

/** The store's value, or what `select` takes of it; the component renders again when that is another one. */
export function useStore<T>(store: Store<T>): T;
export function useStore<T, R>(store: Store<T>, select: (value: T) => R): R;
export function useStore<T, R>(store: Store<T>, select?: (value: T) => R): T | R {
  const get = () => (select ? select(store.get()) : store.get());
  return useSyncExternalStore(store.subscribe, get, get);
}
