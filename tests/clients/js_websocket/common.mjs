// What the programs share: how Node reaches the server, and waiting. The library itself is used as its page says.
import WebSocket from "ws";
import { createConnection, createLongLivedTokenAuth } from "home-assistant-js-websocket";

export const url = process.env.HASS_URL;
export const token = process.env.HASS_TOKEN;
export const frames = { single: 0, coalesced: 0, longest: 0 };

// The library expects the browser's WebSocket; this one also counts what comes.
globalThis.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.on("message", (data) => {
      const message = JSON.parse(data);
      if (!Array.isArray(message)) frames.single += 1;
      else {
        frames.coalesced += 1;
        frames.longest = Math.max(frames.longest, message.length);
      }
    });
  }
};

export const connect = () => createConnection({ auth: createLongLivedTokenAuth(url, token) });

export async function rest(method, path, body, accessToken = token) {
  const reply = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: reply.status, body: await reply.json().catch(() => null) };
}

export async function until(condition, what, limit = 20000) {
  const deadline = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function done(facts) {
  console.log(JSON.stringify(facts));
  process.exit(0);
}
