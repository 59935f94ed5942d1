// Stays subscribed while the server is killed and started anew; the test does that, on hearing the lines that this prints.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { callService, getServices, getStates, subscribeEntities, subscribeServices } from "home-assistant-js-websocket";
import { connect, done, rest, until } from "./common.mjs";

const connection = await connect();
const heard = [];
for (const name of ["ready", "disconnected", "reconnect-error"]) connection.addEventListener(name, () => heard.push(name));
let entities = {};
let services;
const events = [];
subscribeEntities(connection, (value) => { entities = value; });
subscribeServices(connection, (value) => { services = value; });
await connection.subscribeEvents((event) => events.push(event.data.number), "counted");
await until(() => entities["input_boolean.guest"] && services, "the entities");
await rest("POST", "/api/events/counted", { number: 1 });
await until(() => events.length === 1, "the event");
await callService(connection, "input_boolean", "turn_on", {}, { entity_id: "input_boolean.guest" });
await until(() => entities["input_boolean.guest"].state === "on", "the change");
console.log("connected");

await until(() => heard.includes("disconnected"), "the end of the connection", 60000);
const pending = getStates(connection).catch((problem) => problem);
console.log("disconnected");
await until(() => heard.includes("ready"), "the new connection", 60000);
console.log("ready again");
await until(async () => {
  const states = await getStates(connection).catch(() => []);
  return states.length > 1 && states.length === Object.keys(entities).length;
}, "all entities again");
await rest("POST", "/api/events/counted", { number: 2 });
await until(() => events.length === 2, "an event after the restart");
await callService(connection, "input_boolean", "turn_off", {}, { entity_id: "input_boolean.guest" });
await until(() => entities["input_boolean.guest"].state === "off", "a change after the restart");
await until(async () => isDeepStrictEqual(services, await getServices(connection)), "all services again");
assert.ok(services.input_boolean.turn_on.description);
assert.deepEqual(events, [1, 2]);
await pending;
done({ heard });
