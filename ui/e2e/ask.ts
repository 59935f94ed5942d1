import type { Page } from '@playwright/test';

export type Ask = <T = unknown>(type: string, payload?: Record<string, unknown>) => Promise<T>;

/** Commands over a WebSocket of the page's own origin, as the owner. The page must stand somewhere in the home. */
export const asker = (page: Page): Ask => (type, payload = {}) =>
  page.evaluate(
    ([token, command]) =>
      new Promise<never>((resolve, reject) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/websocket`);
        socket.onerror = () => reject(new Error('no connection'));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { type: string; success?: boolean; result?: unknown; error?: { message: string } };
          if (message.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }));
          else if (message.type === 'auth_ok') socket.send(JSON.stringify({ id: 1, ...command }));
          else if (message.type === 'result') {
            socket.close();
            if (message.success) resolve(message.result as never);
            else reject(new Error(message.error?.message));
          }
        };
      }),
    [process.env.MARGE_ACCESS_TOKEN ?? '', { type, ...payload }] as const,
  );

export const PASSWORD = 'a long enough password';

/** A user of this name and group; a former one of an earlier walk is removed first. */
export async function makeUser(ask: Ask, username: string, group: string): Promise<void> {
  await removeUser(ask, username);
  const { user } = await ask<{ user: { id: string } }>('config/auth/create', { name: username, group_ids: [group], local_only: false });
  await ask('config/auth_provider/homeassistant/create', { user_id: user.id, username, password: PASSWORD });
}

export async function removeUser(ask: Ask, username: string): Promise<void> {
  for (const user of await ask<{ id: string; name: string; username: string | null }[]>('config/auth/list')) {
    if (user.username === username || user.name === username) await ask('config/auth/delete', { user_id: user.id });
  }
}
