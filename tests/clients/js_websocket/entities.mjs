// Follows all entities through compressed differences while they change at random: what the library holds is what the server has.
import assert from "node:assert/strict";
import { getStates, subscribeEntities } from "home-assistant-js-websocket";
import { connect, done, frames, rest, until } from "./common.mjs";

let seed = Number(process.env.SEED);
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % below;
};
const values = () => [random(100), `text ${random(9)}`, random(2) === 0, null, [1, random(3)], { deep: { er: random(4) } }, 0.5 * random(7)][random(7)];
const milliseconds = (iso) => new Date(iso).getTime();

const connection = await connect();
let held = {};
let renders = 0;
subscribeEntities(connection, (entities) => { held = entities; renders += 1; });
await until(() => Object.keys(held).length > 50, "the entities");

function equal(states) {
  assert.deepEqual(Object.keys(held).sort(), states.map((state) => state.entity_id).sort());
  for (const state of states) {
    const mine = held[state.entity_id];
    assert.equal(mine.state, state.state, state.entity_id);
    assert.deepEqual(mine.attributes, state.attributes, state.entity_id);
    assert.equal(mine.context.id, state.context.id, state.entity_id);
    assert.equal(mine.context.user_id, state.context.user_id, state.entity_id);
    for (const time of ["last_changed", "last_updated"])
      assert.ok(Math.abs(milliseconds(mine[time]) - milliseconds(state[time])) <= 1, `${state.entity_id} ${time} ${mine[time]} ${state[time]}`);
  }
}
equal(await getStates(connection));

const own = Array.from({ length: 12 }, (_, number) => `sensor.random_${number}`);
const lights = ["light.bed_light", "light.ceiling_lights", "light.kitchen_lights"];
const counts = { written: 0, removed: 0, called: 0, attributesGone: 0 };
const attributes = new Map();
async function change() {
  const kind = random(20);
  if (kind < 14) {
    const id = own[random(own.length)];
    const next = {};
    for (const key of ["a", "b", "c", "friendly_name", "unit"]) if (random(3)) next[key] = values();
    for (const key of Object.keys(attributes.get(id) ?? {})) if (!(key in next)) counts.attributesGone += 1;
    attributes.set(id, next);
    counts.written += 1;
    return rest("POST", `/api/states/${id}`, { state: String(random(5)), attributes: next });
  }
  if (kind < 16) {
    const id = own[random(own.length)];
    attributes.delete(id);
    counts.removed += 1;
    return rest("DELETE", `/api/states/${id}`);
  }
  counts.called += 1;
  const data = { entity_id: lights[random(lights.length)] };
  if (random(2)) return rest("POST", "/api/services/light/turn_off", data);
  return rest("POST", "/api/services/light/turn_on", { ...data, brightness: 1 + random(255) });
}
for (let number = 0; number < 200; number += 1) {
  const reply = change();
  if (random(3)) await reply; // some follow each other at once
  else await Promise.race([reply, new Promise((resolve) => setTimeout(resolve, 1))]);
}
await until(async () => {
  try { equal(await getStates(connection)); return true; } catch (problem) { globalThis.problem = problem; return false; }
}, "the same states", 10000).catch(() => { throw globalThis.problem; });
done({ ...counts, renders, entities: Object.keys(held).length, frames });
