import { describe, expect, it } from 'vitest';
import { byDay, type Entry, merged, nextWindow } from './entries';
import { type Speaker, whatHappened, whyItHappened } from './tell';

const speaker: Speaker = {
  t: (key, values) => `${key}${values ? `(${Object.values(values).join('|')})` : ''}`,
  state: (_id, state) => state.toUpperCase(),
  name: (id) => id.split('.')[1]!,
  entityOf: () => undefined,
  user: (id) => (id === 'u1' ? 'Ann' : undefined),
  trigger: (source) => source.toUpperCase(),
};
const entry = (more: Partial<Entry>): Entry => ({ when: 100, entity_id: 'light.porch', state: 'on', ...more });

describe('entries', () => {
  it('are in order, the newest first, and never twice', () => {
    const first = merged([], [entry({ when: 1 }), entry({ when: 3 })]);
    expect(first.map((each) => each.when)).toEqual([3, 1]);
    expect(merged(first, [entry({ when: 1 }), entry({ when: 2 }), entry({ when: 3 })]).map((each) => each.when)).toEqual([3, 2, 1]);
    expect(merged(first, [entry({ when: 9 })]).map((each) => each.when)).toEqual([9, 3, 1]);
    expect(merged(first, [entry({ when: 0 })]).map((each) => each.when)).toEqual([3, 1, 0]);
  });

  it('stand under the days of the home', () => {
    const at = Date.parse('2026-11-21T06:30:00Z') / 1000; // half past eleven in the evening, the day before, in Denver
    const lines = byDay([entry({ when: at + 3600 }), entry({ when: at })], 'America/Denver', 'en', '2026-11-21', { today: 'Today', yesterday: 'Yesterday' });
    expect(lines.map((line) => (line.kind === 'day' ? line.title : line.entry.when))).toEqual(['Today', at + 3600, 'Yesterday', at]);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });

  it('are asked for further back each time that little was found', () => {
    expect(nextWindow(3600, 5)).toBe(4 * 3600);
    expect(nextWindow(3600, 500)).toBe(3600);
    expect(nextWindow(29 * 86_400, 0)).toBe(30 * 86_400);
  });
});

describe('what happened', () => {
  it('is said with the verbs of its kind', () => {
    expect(whatHappened(entry({}), speaker)).toBe('did.switched.on');
    expect(whatHappened(entry({ entity_id: 'lock.door', state: 'locked' }), speaker)).toBe('did.lock.locked');
    expect(whatHappened(entry({ entity_id: 'person.ann', state: 'Work' }), speaker)).toBe('did.person.elsewhere(Work)');
    expect(whatHappened(entry({ entity_id: 'climate.hall', state: 'heat' }), speaker)).toBe('did.changed(HEAT)');
    expect(whatHappened(entry({ state: 'unavailable' }), speaker)).toBe('did.unavailable');
    expect(whatHappened(entry({ state: undefined, entity_id: null, domain: 'homeassistant', message: 'started' }), speaker)).toBe('did.home.started');
    expect(whatHappened(entry({ state: undefined, domain: 'automation', source: 'state of binary_sensor.door' }), speaker)).toBe('did.ranBy(STATE OF BINARY_SENSOR.DOOR)');
  });
});

describe('why it happened', () => {
  it('names the automation and what set it off', () => {
    const cause = whyItHappened(entry({ context_event_type: 'automation_triggered', context_name: 'Evening', context_source: 'sunset', context_entity_id: 'automation.evening' }), speaker);
    expect(cause).toEqual({ text: 'cause.automationBy(Evening|SUNSET)', entityId: 'automation.evening' });
  });
  it('names the user before the action', () => {
    expect(whyItHappened(entry({ context_event_type: 'call_service', context_domain: 'light', context_service: 'turn_on', context_user_id: 'u1' }), speaker)).toEqual({ text: 'cause.user(Ann)' });
    expect(whyItHappened(entry({ context_event_type: 'call_service', context_domain: 'light', context_service: 'turn_on' }), speaker)).toEqual({ text: 'cause.action(Light: Turn on)' });
    expect(whyItHappened(entry({ context_user_id: 'stranger' }), speaker)).toEqual({ text: 'cause.someone' });
  });
  it('is not the entity itself', () => {
    expect(whyItHappened(entry({ context_entity_id: 'light.porch', context_state: 'on' }), speaker)).toBeNull();
    expect(whyItHappened(entry({ context_entity_id: 'binary_sensor.door', context_state: 'on' }), speaker)).toEqual({ text: 'cause.entityState(door|ON)', entityId: 'binary_sensor.door' });
  });
  it('is the operator where the token of the server was used', () => {
    const call = { context_event_type: 'call_service', context_domain: 'light', context_service: 'turn_on', context_user_id: 'marge' };
    expect(whyItHappened(entry(call), speaker)).toEqual({ text: 'cause.operator' });
    expect(whyItHappened(entry({ context_user_id: 'marge' }), speaker)).toEqual({ text: 'cause.operator' });
  });
});
