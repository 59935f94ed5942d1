import { expect, it } from 'vitest';
import { graphOf } from './graph';
import { between, configOf, falseCondition, inOrder, pieceAt, type Step, type Trace } from './trace';

const at = (second: number) => `2026-01-01T00:00:0${second}.000000+00:00`;
const step = (path: string, second = 0, rest: Partial<Step> = {}): [string, Step[]] => [path, [{ path, timestamp: at(second), ...rest }]];

function traceOf(config: Record<string, unknown>, steps: [string, Step[]][]): Trace {
  return {
    run_id: 'r', domain: 'automation', item_id: 'a', state: 'stopped', script_execution: 'finished', last_step: null,
    timestamp: { start: at(0), finish: at(9) }, trace: Object.fromEntries(steps), config, blueprint_inputs: null,
    context: { id: 'c', parent_id: null, user_id: null },
  };
}

const CONFIG = {
  triggers: [{ trigger: 'state', entity_id: 'a.b' }, { trigger: 'sun', event: 'sunset' }],
  conditions: [{ condition: 'state', entity_id: 'a.b', state: 'on' }],
  actions: [
    { if: [], then: [{ stop: 'x' }], else: [{ delay: 1 }] },
    { choose: [{ conditions: [], sequence: [{ stop: 'y' }] }, { conditions: [], sequence: [{ delay: 2 }] }] },
    { parallel: [{ delay: 1 }, { sequence: [{ delay: 1 }, { delay: 2 }] }] },
    { repeat: { count: 2, sequence: [{ delay: 1 }] } },
    { delay: 3, enabled: false },
  ],
};

it('draws each step once, and no two at the same place', () => {
  const trace = traceOf(CONFIG, []);
  const { nodes, width, height } = graphOf('automation', trace, configOf(trace));
  expect(nodes.map((node) => node.path)).toEqual([
    'trigger/0', 'trigger/1', 'condition/0', 'action/0', 'action/0/then/0', 'action/0/else/0', 'action/1', 'action/1/choose/0', 'action/1/choose/0/sequence/0',
    'action/1/choose/1', 'action/1/choose/1/sequence/0', 'action/2', 'action/2/parallel/0/sequence/0', 'action/2/parallel/1/sequence/0',
    'action/2/parallel/1/sequence/1', 'action/3', 'action/3/repeat/sequence/0', 'action/4',
  ]);
  expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
  expect(nodes.every(({ x, y }) => x >= 0 && y >= 0 && x < width && y < height)).toBe(true);
  expect(nodes.at(-1)?.state).toBe('off');
});

it('tells the way that was taken', () => {
  const trace = traceOf(CONFIG, [
    step('trigger/0'), step('condition/0', 0, { result: { result: true } }), step('action/0', 1, { result: { choice: 'else' } }), step('action/0/else/0', 1),
    step('action/1', 2, { error: 'no' }),
  ]);
  const states = Object.fromEntries(graphOf('automation', trace, configOf(trace)).nodes.map((node) => [node.path, node.state]));
  expect(states).toMatchObject({ 'trigger/0': 'done', 'trigger/1': 'skipped', 'condition/0': 'done', 'action/0/then/0': 'skipped', 'action/0/else/0': 'done', 'action/1': 'error', 'action/2': 'skipped' });
});

it('draws an automation that was run by hand, and one without anything', () => {
  const byHand = traceOf(CONFIG, [step('trigger')]);
  expect(graphOf('automation', byHand, configOf(byHand)).nodes.find((node) => node.role === 'start')).toMatchObject({ path: 'trigger', role: 'start', state: 'done' });
  const empty = traceOf({ triggers: [], actions: [] }, []);
  expect(graphOf('automation', empty, configOf(empty)).nodes).toEqual([]);
});

it('finds the condition that was false, with what it saw', () => {
  const trace = traceOf(CONFIG, [step('condition/0', 0, { result: { result: false } }), step('condition/0/entity_id/0', 0, { result: { result: false, state: 'off', wanted_state: 'on' } })]);
  expect(falseCondition(trace)).toMatchObject({ index: 0, piece: CONFIG.conditions[0] });
  expect(falseCondition(trace)?.seen.at(-1)?.result?.state).toBe('off');
  expect(falseCondition(traceOf(CONFIG, [step('condition/0', 0, { result: { result: true } })]))).toBeNull();
});

it('orders steps by the microsecond', () => {
  expect(between('2026-01-01T00:00:00.000100+00:00', '2026-01-01T00:00:00.001250+00:00')).toBeCloseTo(1.15);
  const trace = traceOf(CONFIG, [
    ['b', [{ path: 'b', timestamp: '2026-01-01T00:00:00.000900+00:00' }]],
    ['a', [{ path: 'a', timestamp: '2026-01-01T00:00:00.000100+00:00' }]],
  ]);
  expect(inOrder(trace).map((each) => each.path)).toEqual(['a', 'b']);
});

it('finds what stands at a path of a trace', () => {
  const config = { triggers: [{ trigger: 'sun' }], actions: [{ if: [{ condition: 'sun' }], then: [] }, { parallel: [{ event: 'lone' }, { sequence: [{ event: 'first' }, { event: 'second' }] }] }] };
  expect(pieceAt(config, 'trigger/0')).toEqual({ trigger: 'sun' });
  expect(pieceAt(config, 'action/0/if/condition/0')).toEqual({ condition: 'sun' });
  expect(pieceAt(config, 'action/1/parallel/0/sequence/0')).toEqual({ event: 'lone' });
  expect(pieceAt(config, 'action/1/parallel/1/sequence/1')).toEqual({ event: 'second' });
  expect(pieceAt(config, 'action/7/then/0')).toBeUndefined();
});

it('puts the trigger that set it off over the way of the run', () => {
  const config = { triggers: ['a', 'b', 'c'].map((event_type) => ({ trigger: 'event', event_type })), conditions: [], actions: [{ stop: 'x' }] };
  const graph = graphOf('automation', traceOf(config, [step('trigger/2'), step('action/0', 1)]), config);
  const at = (path: string) => graph.nodes.find((node) => node.path === path)!.x;
  expect(at('trigger/2')).toBe(at('action/0'));
});
