/** What one logged-in user has: the connection, and all that is known over it. */

import type { Auth, Connection, MessageBase } from 'home-assistant-js-websocket';
import i18next from 'i18next';
import { type EntitiesMessage, EntityStore } from './entities';
import { saidIn, wordsFor } from './errorTexts';
import { setHomeZone } from './formats';
import { invalidWords } from './invalidWords';
import { Registries } from './registries';
import { withTexts } from './serviceTexts';
import { Live, Store } from './store';
import type { HomeConfig, Me, Services, Target, User } from './types';

/** What the server refuses: its code (or HTTP status) and its words. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly body?: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** The server's code for what this user may not do; its word for it is no more than that. */
const NOT_ALLOWED = 'unauthorized';

/** The server's words, or for those of its checks what they mean. */
export const plainly = (message: string): string => invalidWords(message, (key, values) => i18next.t(`app:${key}`, values ?? {})) ?? message;

/** Any failure of a call as an `ApiError`; the client library throws numbers and plain objects. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (typeof error === 'number') return new ApiError('connection', 'The connection to the server was lost');
  if (error && typeof error === 'object' && 'message' in error) {
    const { code, message } = error as { code?: unknown; message: unknown };
    return new ApiError(String(code ?? 'unknown'), code === NOT_ALLOWED ? i18next.t('app:notAllowed') : plainly(String(message)), error);
  }
  return new ApiError('unknown', String(error));
}

/** A registry that a page begins with. */
export type Need = 'areas' | 'floors' | 'labels' | 'devices' | 'entities';

export interface RestOptions {
  method?: string;
  /** Sent as JSON, or as it is when it is a form, a file or a text. */
  body?: unknown;
  signal?: AbortSignal;
}

export class HomeSession {
  readonly entities = new EntityStore();
  readonly registries: Registries;
  readonly connected = new Store(true);
  /** Until the server has said otherwise: everything that the pages offer anyway. */
  readonly me = new Store<Me>({ may_read: true, may_control: true, login: true, person: null });
  readonly config: Live<HomeConfig | null>;
  readonly services: Live<Services>;
  /** Documents that this user's front ends keep on the server, by key. */
  readonly userData: Live<Readonly<Record<string, unknown>>>;
  /** Texts of the server by flat key (`component.light.entity_component._.state.on`). */
  readonly texts: Live<Readonly<Record<string, string>>>;
  /** Icons of the server by domain. */
  readonly icons: Live<IconTable>;

  constructor(
    readonly connection: Connection,
    readonly auth: Auth | null,
    /** Known when the server has said so, before any page sees it. */
    public user: User,
    readonly language: string,
  ) {
    this.registries = new Registries(connection);
    connection.addEventListener('disconnected', () => {
      this.entities.expectAll();
      this.connected.set(false);
    });
    connection.addEventListener('ready', () => this.connected.set(true));
    this.config = new Live<HomeConfig | null>(null, async (set) => {
      const read = async () => {
        const config = await this.command<HomeConfig>('get_config');
        setHomeZone(config.time_zone);
        set(config);
      };
      connection.addEventListener('ready', () => void read().catch(() => undefined));
      await Promise.all([connection.subscribeEvents(() => void read().catch(() => undefined), 'core_config_updated'), read()]);
    });
    this.services = new Live<Services>({}, async (set) => {
      const worded = () => this.command<{ resources: Record<string, string> }>('frontend/get_translations', { language, category: 'services' }).catch(() => ({ resources: {} }));
      const read = async () => {
        const [services, texts] = await Promise.all([this.command<Services>('get_services'), worded()]);
        set(withTexts(services, texts.resources));
      };
      const again = () => void read().catch(() => undefined);
      connection.addEventListener('ready', again);
      await Promise.all([connection.subscribeEvents(again, 'service_registered'), connection.subscribeEvents(again, 'service_removed'), read()]);
    });
    this.userData = new Live<Readonly<Record<string, unknown>>>({}, async (set) => {
      set((await this.command<{ value: Record<string, unknown> | null }>('frontend/get_user_data')).value ?? {});
    });
    this.texts = new Live<Readonly<Record<string, string>>>({}, async (set) => {
      const wanted = ['entity_component', 'entity', 'title'].map((category) =>
        this.command<{ resources: Record<string, string> }>('frontend/get_translations', { language, category }),
      );
      set(Object.assign({}, ...(await Promise.all(wanted)).map((each) => each.resources)) as Record<string, string>);
    });
    this.icons = new Live<IconTable>({}, async (set) => {
      set((await this.command<{ resources: IconTable }>('frontend/get_icons', { category: 'entity_component' })).resources);
    });
  }

  /**
   * Ask for the states; the promise ends when the server has taken the question.
   *
   * @param needs what the page will look at: asked for now, what is small before what is large.
   * @param first the entities that are shown first.
   */
  async start(needs: readonly Need[] = [], first: readonly string[] = []): Promise<void> {
    if (needs.length) for (const live of [this.userData, this.config, this.icons, this.texts]) void live.open();
    const large: readonly Need[] = ['entities', 'devices'];
    for (const need of needs) if (!large.includes(need)) void this.registries[need].open();
    const started = this.connection.subscribeMessage<EntitiesMessage>((message) => this.entities.apply(message), {
      type: 'marge/entities/subscribe',
      ...(first.length ? { first } : {}),
    });
    for (const need of needs) if (large.includes(need)) void this.registries[need].open();
    await started;
  }

  /** One WebSocket command and its result. Fails with an `ApiError`. */
  async command<T = unknown>(type: string, payload: Record<string, unknown> = {}): Promise<T> {
    try {
      return await this.connection.sendMessagePromise<T>({ type, ...payload });
    } catch (error) {
      throw await this.refusal(error);
    }
  }

  private async refusal(error: unknown): Promise<ApiError> {
    const plain = asApiError(error);
    const said = saidIn(error);
    if (!said) return plain;
    const asked = { type: 'frontend/get_translations', language: this.language, category: 'exceptions', integration: [said.domain] };
    // Without an answer the server's own words have to do.
    const texts = await this.connection.sendMessagePromise<{ resources: Record<string, string> }>(asked).catch(() => ({ resources: {} }));
    return new ApiError(plain.code, wordsFor(said, texts.resources) ?? plain.message, plain.body);
  }

  /** What the server sends for a command that goes on, until the function that the promise gives is called. */
  async subscribe<T>(message: MessageBase, listener: (event: T) => void): Promise<() => void> {
    try {
      const end = await this.connection.subscribeMessage<T>(listener, message);
      return () => void end().catch(() => undefined); // the connection is gone, and the subscription with it
    } catch (error) {
      throw asApiError(error);
    }
  }

  /** Call a service; `call('light', 'turn_on', {brightness: 90}, {entity_id: 'light.porch'})`. Fails with an `ApiError`. */
  async call<T = unknown>(
    domain: string,
    service: string,
    data: Record<string, unknown> = {},
    target: Target = {},
    wantsResponse = false,
  ): Promise<T> {
    const result = await this.command<{ response: T }>('call_service', {
      domain,
      service,
      service_data: data,
      target,
      ...(wantsResponse ? { return_response: true } : {}),
    });
    return result.response;
  }

  /** A REST call in the user's name; JSON becomes an object, anything else a text. Fails with an `ApiError`. */
  async rest<T = unknown>(path: string, options: RestOptions = {}): Promise<T> {
    const response = await this.fetch(path, options);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const body: unknown = isJson && text ? JSON.parse(text) : text;
    if (!response.ok) {
      // Who is not known any more loses the connection; who asks over a good one may not do just this.
      if (response.status === 401 && this.connected.get()) throw new ApiError(NOT_ALLOWED, i18next.t('app:notAllowed'), body);
      const said = isJson && body && typeof body === 'object' && 'message' in body ? String(body.message) : text;
      throw new ApiError(String(response.status), plainly(said) || response.statusText, body);
    }
    return body as T;
  }

  /** A REST call whose reply the caller reads itself (downloads, streams). */
  async fetch(path: string, { method = 'GET', body, signal }: RestOptions = {}): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.auth) {
      if (this.auth.expired) await this.auth.refreshAccessToken();
      headers.Authorization = `Bearer ${this.auth.accessToken}`;
    }
    const plain = body === undefined || body instanceof FormData || body instanceof Blob || typeof body === 'string';
    if (!plain) headers['Content-Type'] = 'application/json';
    try {
      return await fetch(path, { method, headers, signal: signal ?? null, body: plain ? (body ?? null) : JSON.stringify(body) });
    } catch (error) {
      throw new ApiError('connection', error instanceof Error ? error.message : String(error));
    }
  }

  /** A path that an `<img>`, `<video>` or download link may use for a while without a header. */
  async signed(path: string, expiresS = 3600): Promise<string> {
    return (await this.command<{ path: string }>('auth/sign_path', { path, expires: expiresS })).path;
  }

  /** Keep a document for this user. */
  async saveUserData(key: string, value: unknown): Promise<void> {
    this.userData.set({ ...this.userData.get(), [key]: value });
    await this.command('frontend/set_user_data', { key, value });
  }
}

export interface IconRow {
  default?: string;
  state?: Record<string, string>;
  range?: Record<string, string>;
  state_attributes?: Record<string, { default?: string; state?: Record<string, string> }>;
}

/** `{light: {_: {default: "mdi:lightbulb", state: {…}}}}`: by domain, then by device class or `_`. */
export type IconTable = Record<string, Record<string, IconRow>>;
