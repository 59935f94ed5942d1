// Logs in in every way that the library knows.
import assert from "node:assert/strict";
import { createConnection, createLongLivedTokenAuth, ERR_INVALID_AUTH, getAuth, getUser } from "home-assistant-js-websocket";
import { connect, done, url } from "./common.mjs";

const clientId = "http://dashboard.example:5000/";
const facts = {};
globalThis.location = new URL(clientId + "lovelace?kiosk=1"); // where the browser is
globalThis.document = { location: { href: "" } };

// What the page at /auth/authorize does for the person in front of it.
async function logIn(redirect) {
  const post = async (path, body) => (await fetch(url + path, { method: "POST", body: JSON.stringify(body) })).json();
  const flow = await post("/auth/login_flow", { client_id: clientId, handler: ["homeassistant", null], redirect_uri: redirect });
  const { username, password } = JSON.parse(process.env.HASS_LOGIN);
  const result = await post(`/auth/login_flow/${flow.flow_id}`, { client_id: clientId, username, password });
  assert.equal(result.type, "create_entry", JSON.stringify(result));
  return result.result;
}

// 1. a long-lived token
let connection = await connect();
facts.version = connection.haVersion;
facts.longLived = (await getUser(connection)).name;
connection.close();

// 2. a wrong one
await assert.rejects(
  createConnection({ auth: createLongLivedTokenAuth(url, "wrong") }),
  (problem) => problem === ERR_INVALID_AUTH,
);

// 3. an authorization code
let saved;
let auth = await getAuth({
  hassUrl: url + "/", clientId, authCode: await logIn(clientId), saveTokens: (tokens) => { saved = tokens; },
});
assert.equal(saved.token_type, "Bearer");
assert.ok(saved.expires > Date.now() + 1_000_000 && saved.refresh_token);
assert.equal(auth.expired, false);
connection = await createConnection({ auth });
facts.code = (await getUser(connection)).name;
connection.close();

// 4. tokens that were saved; the access token has expired, so the library refreshes it before it logs in
const before = saved.access_token;
auth = await getAuth({
  hassUrl: url, clientId, loadTokens: async () => ({ ...saved, expires: 0 }), saveTokens: (tokens) => { saved = tokens; },
});
assert.equal(auth.expired, true);
connection = await createConnection({ auth });
assert.notEqual(saved.access_token, before);
assert.equal(auth.expired, false);
facts.refreshed = (await getUser(connection)).name;

// 5. revoked: the server closes the connection, and the library learns that it need not try again
const lost = new Promise((resolve) => connection.addEventListener("reconnect-error", (_connection, problem) => resolve(problem)));
await auth.revoke();
assert.equal(saved, null);
assert.equal(await lost, ERR_INVALID_AUTH);
await assert.rejects(createConnection({ auth }), (problem) => problem === ERR_INVALID_AUTH);
await assert.rejects(auth.refreshAccessToken(), (problem) => problem === ERR_INVALID_AUTH);

// 6. the way through the browser: away to the log-in page, and back with a code
getAuth({ hassUrl: url, clientId });
await new Promise((resolve) => setTimeout(resolve));
const away = new URL(document.location.href);
facts.loginPage = (await fetch(away)).status;
const back = new URL(away.searchParams.get("redirect_uri"));
back.searchParams.set("code", await logIn(back.href));
back.searchParams.set("state", away.searchParams.get("state"));
globalThis.location = back;
auth = await getAuth({ hassUrl: url, clientId, limitHassInstance: true });
connection = await createConnection({ auth });
facts.redirect = (await getUser(connection)).name;
done(facts);
