/** A session without a server, for unit tests: states that a test sets, commands that it answers. */

import { render, type RenderResult } from '@testing-library/react';
import type { Connection } from 'home-assistant-js-websocket';
import i18next from 'i18next';
import type { ReactElement } from 'react';
import { initReactI18next } from 'react-i18next';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { SessionContext } from '@/data/hooks';
import { HomeSession } from '@/data/session';
import type { Attributes, User } from '@/data/types';

type Message = { type: string; [key: string]: unknown };
type Answer = unknown | ((message: Message) => unknown);

/** Commands and subscriptions as the client library knows them; what nobody answers is refused as an unknown command. */
export class FakeConnection {
  readonly sent: Message[] = [];
  connected = true;
  private listeners = new Map<string, Set<() => void>>();
  private subscriptions = new Map<string, Set<(event: unknown) => void>>();

  constructor(readonly answers: Record<string, Answer> = {}) {}

  sendMessagePromise(message: Message): Promise<unknown> {
    this.sent.push(message);
    if (!(message.type in this.answers)) return Promise.reject({ code: 'unknown_command', message: `Unknown command: ${message.type}` });
    const answer = this.answers[message.type];
    try {
      return Promise.resolve(typeof answer === 'function' ? (answer as (message: Message) => unknown)(message) : answer);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  subscribeMessage(listener: (event: unknown) => void, message: Message): Promise<() => Promise<void>> {
    this.sent.push(message);
    return Promise.resolve(this.listen(message.type === 'subscribe_events' ? `event ${String(message.event_type)}` : message.type, listener));
  }

  subscribeEvents(listener: (event: unknown) => void, type: string): Promise<() => Promise<void>> {
    return Promise.resolve(this.listen(`event ${type}`, listener));
  }

  private listen(key: string, listener: (event: unknown) => void): () => Promise<void> {
    const all = this.subscriptions.get(key) ?? new Set();
    this.subscriptions.set(key, all.add(listener));
    return () => {
      all.delete(listener);
      return Promise.resolve();
    };
  }

  /** What the server sends for a subscription: `emit('marge/entities/subscribe', {a: …})`, `emit('event area_registry_updated', {…})`. */
  emit(key: string, event: unknown): void {
    for (const listener of this.subscriptions.get(key) ?? []) listener(event);
  }

  addEventListener(name: string, listener: () => void): void {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
  }

  removeEventListener(name: string, listener: () => void): void {
    this.listeners.get(name)?.delete(listener);
  }

  /** `ready`, `disconnected`, `reconnect-error`. */
  fire(name: string): void {
    for (const listener of this.listeners.get(name) ?? []) listener();
  }

  close(): void {
    this.connected = false;
  }
}

export interface Given {
  /** `{'light.porch': 'on'}` or `{'light.porch': ['on', {brightness: 90}]}` */
  states?: Record<string, string | [string, Attributes]>;
  /** By command: a result, or a function of the message; thrown `{code, message}` is a refusal. */
  answers?: Record<string, Answer>;
  user?: Partial<User>;
  path?: string;
}

const NOTHING: Record<string, Answer> = {
  'config/area_registry/list': [],
  'config/floor_registry/list': [],
  'config/label_registry/list': [],
  'marge/entities/devices': { tables: {}, rows: [] },
  'marge/entities/entries': { tables: { platforms: [], devices: [], areas: [] }, rows: [] },
  'frontend/get_user_data': { value: {} },
  'frontend/set_user_data': null,
  'frontend/get_translations': { resources: {} },
  'frontend/get_icons': { resources: {} },
  get_services: {},
  get_config: { location_name: 'Test', unit_system: {}, components: [], time_zone: 'UTC', language: 'en', safe_mode: false, recovery_mode: false },
  call_service: { context: { id: 'c' }, response: null },
};

export function short(state: string, attributes: Attributes = {}, at = 1_700_000_000) {
  return { s: state, a: attributes, c: 'context', lc: at, lu: at };
}

export async function makeSession({ states = {}, answers = {}, user = {} }: Given = {}): Promise<{ session: HomeSession; connection: FakeConnection }> {
  const connection = new FakeConnection({ ...NOTHING, ...answers });
  const owner: User = { id: 'u', name: 'Ann', is_owner: true, is_admin: true, credentials: [], mfa_modules: [], ...user };
  const session = new HomeSession(connection as unknown as Connection, null, owner, 'en');
  await session.start();
  const a = Object.fromEntries(Object.entries(states).map(([id, given]) => [id, typeof given === 'string' ? short(given) : short(...given)]));
  connection.emit('marge/entities/subscribe', { a, all: true });
  await new Promise((done) => requestAnimationFrame(done));
  return { session, connection };
}

const own = import.meta.glob<Record<string, unknown>>(['../*/locales/en.json', '../pages/*/locales/en.json'], { eager: true, import: 'default' });

async function texts(): Promise<void> {
  if (i18next.isInitialized) return;
  const en = Object.fromEntries(Object.entries(own).map(([file, all]) => [file.split('/').at(-3)!, all]));
  await i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { ...en, titles: {} } }, defaultNS: 'app', interpolation: { escapeValue: false } });
}

/** The element with a session above it, in English, at `path`. */
export async function renderWith(element: ReactElement, given: Given = {}): Promise<RenderResult & { session: HomeSession; connection: FakeConnection; location: () => string }> {
  await texts();
  const { session, connection } = await makeSession(given);
  const { hook, history } = memoryLocation({ path: given.path ?? '/', record: true });
  const result = render(
    <Router hook={hook}>
      <SessionContext value={session}>{element}</SessionContext>
    </Router>,
  );
  return { ...result, session, connection, location: () => history.at(-1) ?? '/' };
}
