/** Tokens, the log-in flow and the first steps, over the server's own endpoints. Not here: forms. */

import { Auth, type AuthData, type Connection, createConnection, createLongLivedTokenAuth, ERR_INVALID_AUTH, genExpires } from 'home-assistant-js-websocket';
import { forget, remembered } from '@/data/remembered';
import { ApiError, asApiError, HomeSession } from '@/data/session';
import type { Me, User } from '@/data/types';
import { pageAt } from './pages';

const KEY = 'marge_tokens';
export const hassUrl = location.origin;
export const clientId = `${location.origin}/`;

/** In the browser for good ("stay logged in"), or until the tab is closed. */
function keep(data: AuthData | null, stay: boolean): void {
  localStorage.removeItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!data) forget();
  if (data) (stay ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(data));
}

export function storedTokens(): Auth | null {
  for (const storage of [localStorage, sessionStorage]) {
    const text = storage.getItem(KEY);
    if (!text) continue;
    try {
      const data = JSON.parse(text) as AuthData;
      if (data.refresh_token) return new Auth({ ...data, hassUrl, clientId }, (next) => keep(next, storage === localStorage));
    } catch {
      storage.removeItem(KEY); // not ours, or cut off: log in anew
    }
  }
  return null;
}

async function post<T>(path: string, body: unknown, token?: string): Promise<{ status: number; data: T; retryAfterS: number | null }> {
  const isForm = body instanceof URLSearchParams;
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      body: isForm ? body : JSON.stringify(body),
      headers: {
        'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
    });
  } catch {
    throw new ApiError('connection', 'The server does not answer');
  }
  const text = await response.text();
  let data: unknown = {};
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    data = { message: text };
  }
  return { status: response.status, data: data as T, retryAfterS: Number(response.headers.get('Retry-After')) || null };
}

// -- log-in -----------------------------------------------------------------------------------------------------------

export interface Provider {
  name: string;
  id: string | null;
  type: string;
}

/** How one can log in from here; `welcome`: there is no owner yet, and the first steps are due; `open`: nobody needs to. */
export async function providers(): Promise<{ providers: Provider[]; stay: boolean } | 'welcome' | 'open'> {
  let response: Response;
  try {
    response = await fetch('/auth/providers');
  } catch {
    throw new ApiError('connection', 'The server does not answer');
  }
  const body = (await response.json().catch(() => ({}))) as { providers?: Provider[]; preselect_remember_me?: boolean; open?: boolean; code?: string; message?: string };
  if (body.open) return 'open';
  if (body.code === 'onboarding_required') return 'welcome';
  if (!response.ok) throw new ApiError(String(response.status), body.message ?? response.statusText);
  return { providers: body.providers ?? [], stay: body.preselect_remember_me === true };
}

/** A form of the log-in, as the server asks for it. */
export interface FlowStep {
  type: 'form' | 'create_entry' | 'abort';
  flow_id: string;
  step_id: string;
  errors?: Record<string, string>;
  reason?: string;
  result?: string;
  data_schema?: { name: string; type: string; options?: [string, string][] }[];
  description_placeholders?: Record<string, string>;
}

export async function beginLogin(provider: Provider): Promise<FlowStep> {
  const { status, data, retryAfterS } = await post<FlowStep & { message?: string }>('/auth/login_flow', {
    client_id: clientId,
    handler: [provider.type, provider.id],
    redirect_uri: clientId,
  });
  if (status >= 400) throw new ApiError(String(status), data.message ?? 'The log-in could not begin', { retryAfterS });
  return data;
}

export async function answerLogin(flowId: string, values: Record<string, string>): Promise<FlowStep> {
  const { status, data, retryAfterS } = await post<FlowStep & { message?: string }>(`/auth/login_flow/${flowId}`, { client_id: clientId, ...values });
  if (status >= 400) throw new ApiError(String(status), data.message ?? 'The log-in was refused', { retryAfterS });
  return data;
}

/** A code (of a log-in or of the first steps) becomes tokens that are kept. */
export async function tradeCode(code: string, stay: boolean): Promise<Auth> {
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: clientId });
  const { status, data } = await post<AuthData & { error_description?: string }>('/auth/token', form);
  if (status !== 200) throw new ApiError(String(status), data.error_description ?? 'The log-in failed');
  const tokens: AuthData = { ...data, hassUrl, clientId, expires: genExpires(data.expires_in) };
  keep(tokens, stay);
  return new Auth(tokens, (next) => keep(next, stay));
}

/** Forget the tokens here and on the server. */
export async function logOut(session: HomeSession): Promise<void> {
  try {
    await session.auth?.revoke();
  } finally {
    keep(null, true);
    session.connection.close();
  }
}

// -- connecting -------------------------------------------------------------------------------------------------------

async function whoIs(connection: Connection): Promise<{ user: User; me: Me }> {
  const [user, me] = await Promise.all([
    connection.sendMessagePromise<User>({ type: 'auth/current_user' }),
    connection.sendMessagePromise<Me>({ type: 'marge/me' }),
  ]);
  return { user, me };
}

/** Whether the user may do more or less than when the session began. */
export async function rightsChanged(session: HomeSession): Promise<boolean> {
  const { user, me } = await whoIs(session.connection);
  const before = session.me.get();
  return user.id !== session.user.id || user.is_admin !== session.user.is_admin || user.is_owner !== session.user.is_owner || me.may_control !== before.may_control || me.may_read !== before.may_read;
}

/** The session of a home in which nobody needs to log in. */
export const connectOpen = (language: string): Promise<HomeSession | null> => connect(createLongLivedTokenAuth(hassUrl, 'open'), language, true);

const NOBODY: User = { id: '', name: '', is_owner: false, is_admin: false, credentials: [], mfa_modules: [] };

/** The session of these tokens; null: they are worth nothing any more. Fails with an `ApiError` while the server is away. */
export async function connect(auth: Auth, language: string, isOpen = false): Promise<HomeSession | null> {
  try {
    const connection = await createConnection({ auth, setupRetry: 0 });
    const session = new HomeSession(connection, isOpen ? null : auth, NOBODY, language);
    const page = pageAt(location.pathname);
    // Asked for together: who this is, and what the page will show.
    const [{ user, me }] = await Promise.all([whoIs(connection), session.start(page?.needs, page?.name === 'home' ? remembered()?.ids : [])]);
    session.user = user;
    session.me.set(me);
    return session;
  } catch (error) {
    if (error !== ERR_INVALID_AUTH) throw asApiError(error);
    keep(null, true);
    return null;
  }
}

// -- the first steps --------------------------------------------------------------------------------------------------

export type OnboardingStep = 'user' | 'core_config' | 'analytics' | 'integration';

/** The steps that are still to do. */
export async function stepsToDo(): Promise<OnboardingStep[]> {
  const response = await fetch('/api/onboarding');
  if (!response.ok) return []; // a server that has no first steps has them behind it
  const steps = (await response.json()) as { step: OnboardingStep; done: boolean }[];
  return steps.filter((each) => !each.done).map((each) => each.step);
}

/** The home that was here before and whose database was lost: `file` is kept, or missing. */
export interface LostHome {
  reason: 'damaged' | 'missing';
  file: string;
  /** The newest first. */
  backups: readonly { backup_id: string; name: string; date: string; protected: boolean }[];
}

/** Null: there was none, as far as anybody knows. */
export async function lostHome(): Promise<LostHome | null> {
  const response = await fetch('/api/onboarding/lost');
  return response.ok ? ((await response.json()) as { lost: LostHome | null }).lost : null;
}

export async function createOwner(name: string, username: string, password: string, language: string): Promise<Auth> {
  const { status, data } = await post<{ auth_code?: string; message?: string }>('/api/onboarding/users', {
    name, username, password, client_id: clientId, language,
  });
  if (status !== 200 || !data.auth_code) throw new ApiError(String(status), data.message ?? 'The account could not be made');
  return tradeCode(data.auth_code, true);
}
