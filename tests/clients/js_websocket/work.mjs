// Services, settings, events, templates, triggers, registries: the commands of a dashboard.
import assert from "node:assert/strict";
import {
  callService, createCollection, getConfig, getServices, subscribeConfig, subscribeServices,
} from "home-assistant-js-websocket";
import { connect, done, frames, rest, until } from "./common.mjs";

const facts = {};
const connection = await connect();
const fails = (code) => (problem) => { assert.equal(problem.code, code, JSON.stringify(problem)); return typeof problem.message === "string"; };

// settings and services, as the server has them and as they change
let services, config;
subscribeServices(connection, (value) => { services = value; });
subscribeConfig(connection, (value) => { config = value; });
await until(() => services && config, "services and settings");
assert.deepEqual(services, await getServices(connection));
assert.deepEqual(config, await getConfig(connection));
facts.state = config.state;
assert.ok(services.light.turn_on.fields);
await connection.sendMessagePromise({ type: "config/core/update", location_name: "Cottage" });
await until(() => config.location_name === "Cottage", "the new name");
await rest("POST", "/api/config/script/config/wave", { alias: "Wave", sequence: [] });
await until(() => services.script.wave, "the new service");

// services
const light = async () => (await rest("GET", "/api/states/light.bed_light")).body;
const result = await callService(connection, "light", "turn_on", { brightness: 77 }, { entity_id: "light.bed_light" });
assert.ok(result.context.id);
assert.equal((await light()).attributes.brightness, 77);
assert.equal((await light()).context.id, result.context.id);
await callService(connection, "light", "turn_off", undefined, { entity_id: ["light.bed_light"] });
assert.equal((await light()).state, "off");
const greeting = await callService(connection, "script", "greet", {}, undefined, true);
assert.deepEqual(greeting.response, { value: "hello" });
const forecast = await callService(
  connection, "weather", "get_forecasts", { type: "daily" }, { entity_id: "weather.demo_weather_north" }, true,
);
facts.forecast = forecast.response["weather.demo_weather_north"].forecast.length;
await assert.rejects(callService(connection, "light", "dance"), fails("not_found"));
await assert.rejects(callService(connection, "light", "turn_on", { brightness: "much" }, { entity_id: "light.bed_light" }), fails("invalid_format"));
await assert.rejects(callService(connection, "light", "turn_on", {}, { entity_id: "light.bed_light" }, true), fails("service_validation_error"));
await assert.rejects(connection.sendMessagePromise({ type: "no/such" }), fails("unknown_command"));
await connection.ping();

// events, and an end of them
const events = [];
const stop = await connection.subscribeEvents((event) => events.push(event.data), "bell_rung");
await rest("POST", "/api/events/bell_rung", { times: 2 });
await until(() => events.length === 1, "the event");
await stop();
await rest("POST", "/api/events/bell_rung", { times: 3 });
await connection.ping();
assert.deepEqual(events, [{ times: 2 }]);

// a template and a trigger that follow their entity
const rendered = [];
await connection.subscribeMessage((event) => rendered.push(event.result), { type: "render_template", template: "{{ states('input_boolean.guest') }}" });
const fired = [];
await connection.subscribeMessage((event) => fired.push(event.variables.trigger.to_state.state), {
  type: "subscribe_trigger", trigger: { trigger: "state", entity_id: "input_boolean.guest" },
});
await callService(connection, "input_boolean", "turn_on", {}, { entity_id: "input_boolean.guest" });
await until(() => rendered.at(-1) === "on" && fired.length === 1, "template and trigger");
assert.deepEqual([rendered, fired], [["off", "on"], ["on"]]);

// registries as collections: read once, read anew with each change
async function registry(name, change) {
  let items;
  const seen = [];
  const key = `_${name}`;
  createCollection(
    key,
    (conn) => conn.sendMessagePromise({ type: `config/${name}_registry/list` }),
    (conn, store) => conn.subscribeEvents(
      (event) => conn.sendMessagePromise({ type: `config/${name}_registry/list` }).then((list) => { seen.push(event.data.action); store.setState(list, true); }),
      `${name}_registry_updated`,
    ),
    connection,
    (value) => { items = Object.values(value); },
  );
  await until(() => items, name);
  const before = items.length;
  await change(() => items);
  return { before, after: items.length, seen };
}
const send = (type, fields) => connection.sendMessagePromise({ type, ...fields });
facts.area = await registry("area", async (items) => {
  const area = await send("config/area_registry/create", { name: "Attic" });
  await until(() => items().some((item) => item.name === "Attic"), "the area");
  await send("config/area_registry/update", { area_id: area.area_id, name: "Loft" });
  await until(() => items().some((item) => item.name === "Loft"), "its new name");
  await assert.rejects(send("config/area_registry/create", { name: "Loft" }), fails("invalid_info"));
});
facts.floor = await registry("floor", async (items) => {
  await send("config/floor_registry/create", { name: "First", level: 1 });
  await until(() => items().some((item) => item.level === 1), "the floor");
});
facts.label = await registry("label", async (items) => {
  await send("config/label_registry/create", { name: "Fragile", color: "red" });
  await until(() => items().some((item) => item.color === "red"), "the label");
});
facts.entity = await registry("entity", async (items) => {
  await send("config/entity_registry/update", { entity_id: "light.bed_light", name: "Night light", area_id: "loft" });
  await until(() => items().some((item) => item.name === "Night light"), "the entity");
});
facts.device = await registry("device", async (items) => {
  const device = items()[0];
  await send("config/device_registry/update", { device_id: device.id, name_by_user: "Thing" });
  await until(() => items().some((item) => item.name_by_user === "Thing"), "the device");
});

// many messages at once come in few frames
const before = { ...frames };
await Promise.all(Array.from({ length: 200 }, () => connection.ping()));
facts.pongs = { frames: frames.single + frames.coalesced - before.single - before.coalesced, longest: frames.longest };
done(facts);
