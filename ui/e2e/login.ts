/** Before all specs: the owner's account if there is none, and a browser state that is logged in. */

import { writeFileSync } from 'node:fs';
import { STORAGE } from '../playwright.config.ts';

export const OWNER = { name: 'Ann', username: 'ann', password: 'correct horse battery staple' };

async function post(url: string, body: unknown, token?: string): Promise<Record<string, unknown>> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method: 'POST',
    body: isForm ? body : JSON.stringify(body),
    headers: { 'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Tokens of the owner as the interface keeps them. */
export async function ownerTokens(url: string): Promise<Record<string, unknown>> {
  const clientId = `${url}/`;
  const trade = (code: unknown) =>
    post(`${url}/auth/token`, new URLSearchParams({ grant_type: 'authorization_code', code: String(code), client_id: clientId }));
  const providers = (await (await fetch(`${url}/auth/providers`)).json()) as { code?: string };
  if (providers.code === 'onboarding_required') {
    const made = await post(`${url}/api/onboarding/users`, { ...OWNER, client_id: clientId, language: 'en' });
    const tokens = await trade(made.auth_code);
    for (const step of ['core_config', 'analytics']) await post(`${url}/api/onboarding/${step}`, {}, String(tokens.access_token));
    await post(`${url}/api/onboarding/integration`, { client_id: clientId, redirect_uri: clientId }, String(tokens.access_token));
    return tokens;
  }
  const flow = await post(`${url}/auth/login_flow`, { client_id: clientId, handler: ['homeassistant', null], redirect_uri: clientId });
  const step = await post(`${url}/auth/login_flow/${String(flow.flow_id)}`, { client_id: clientId, username: OWNER.username, password: OWNER.password });
  return trade(step.result);
}

export default async function login(): Promise<void> {
  const url = process.env.MARGE_URL ?? 'http://127.0.0.1:8123';
  if (process.env.MARGE_NEW_HOME) {
    writeFileSync(STORAGE, JSON.stringify({ cookies: [], origins: [] })); // the first steps themselves are what is tested
    return;
  }
  const tokens = await ownerTokens(url);
  const kept = { ...tokens, hassUrl: url, clientId: `${url}/`, expires: Date.now() + Number(tokens.expires_in) * 1000 };
  const localStorage = [{ name: 'marge_tokens', value: JSON.stringify(kept) }];
  writeFileSync(STORAGE, JSON.stringify({ cookies: [], origins: [{ origin: url, localStorage }] }));
  process.env.MARGE_ACCESS_TOKEN = String(tokens.access_token);
}
