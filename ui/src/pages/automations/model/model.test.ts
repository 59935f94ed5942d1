import { describe, expect, it } from 'vitest';
import { configPath, pieceOf, problemOf, splitError } from './errors';
import { edited, opened, versionOf } from './history';
import { idOf, inherit, share } from './sharing';
import { spell, spellAction, spellCondition } from './spelling';
import { changeAt, insertAt, mayMove, move, setAt } from './tree';
import { lineAt, parse, rewrite, write } from './yamlText';

describe('spelling', () => {
  it('takes older words for the new ones and lone items for lists', () => {
    const config = spell('automation', { trigger: { platform: 'state', entity_id: 'a.b' }, condition: "{{ true }}", action: { service: 'light.turn_on' } });
    expect(config).toEqual({
      triggers: [{ trigger: 'state', entity_id: 'a.b' }],
      conditions: [{ condition: 'template', value_template: '{{ true }}' }],
      actions: [{ action: 'light.turn_on' }],
    });
  });

  it('lays out short forms at every depth', () => {
    expect(spellCondition({ or: ['{{ 1 }}', { and: [] }] })).toEqual({
      condition: 'or',
      conditions: [{ condition: 'template', value_template: '{{ 1 }}' }, { condition: 'and', conditions: [] }],
    });
    expect(spellAction({ parallel: [[{ service: 'a.b' }], { service: 'c.d' }] })).toEqual({ parallel: [{ sequence: [{ action: 'a.b' }] }, { action: 'c.d' }] });
    expect(spellAction({ repeat: { while: '{{ 1 }}', sequence: { delay: 1 } } })).toEqual({ repeat: { while: [{ condition: 'template', value_template: '{{ 1 }}' }], sequence: [{ delay: 1 }] } });
  });

  it('leaves what comes of a blueprint as it is', () => {
    const config = { use_blueprint: { path: 'x.yaml', input: {} } };
    expect(spell('automation', config)).toBe(config);
  });
});

describe('tree', () => {
  const config = { actions: [{ stop: 'a' }, { if: [], then: [{ stop: 'b' }] }, { stop: 'c' }] };

  it('moves a piece into a list that shifts when it is taken out', () => {
    const next = move(config, { list: ['actions'], index: 0 }, { list: ['actions', 1, 'then'], index: 1 });
    expect(next).toEqual({ actions: [{ if: [], then: [{ stop: 'b' }, { stop: 'a' }] }, { stop: 'c' }] });
  });

  it('moves a nested piece out', () => {
    expect(move(config, { list: ['actions', 1, 'then'], index: 0 }, { list: ['actions'], index: 0 })).toEqual({
      actions: [{ stop: 'b' }, { stop: 'a' }, { if: [], then: [] }, { stop: 'c' }],
    });
  });

  it('moves within a list, downwards too', () => {
    expect(move(config, { list: ['actions'], index: 0 }, { list: ['actions'], index: 3 }).actions).toEqual([config.actions[1], config.actions[2], config.actions[0]]);
  });

  it('never moves a piece into itself', () => {
    expect(mayMove({ list: ['actions'], index: 1 }, { list: ['actions', 1, 'then'], index: 0 })).toBe(false);
    expect(move(config, { list: ['actions'], index: 1 }, { list: ['actions', 1, 'then'], index: 0 })).toBe(config);
  });

  it('keeps what it does not touch', () => {
    const next = setAt(config, ['actions', 1, 'then', 0, 'stop'], 'x');
    expect(next.actions[0]).toBe(config.actions[0]);
    expect(changeAt(config, ['actions', 0], () => undefined)).toEqual({ actions: [config.actions[1], config.actions[2]] });
    expect(insertAt({}, ['actions'], 0, { stop: 'x' })).toEqual({ actions: [{ stop: 'x' }] });
  });
});

describe('sharing', () => {
  it('keeps the identity of items that moved and of one that changed in its place', () => {
    const before = [{ a: 1 }, { b: 1 }, { c: 1 }];
    const next = share(before, [{ c: 1 }, { b: 2 }, { a: 1 }]);
    expect(next[0]).toBe(before[2]);
    expect(next[2]).toBe(before[0]);
    expect(idOf(next[1]!)).toBe(idOf(before[1]!));
  });

  it('hands an id on', () => {
    const before = { a: 1 };
    expect(idOf(inherit(before, { a: 2 }))).toBe(idOf(before));
  });
});

const TEXT = `# The house wakes up.
alias: Morning # its name
triggers:
  # Early.
  - trigger: time
    at: "05:30:00" # half past five
  - trigger: sun
    event: sunrise
actions:
  - action: light.turn_on # the bedroom
    target: { entity_id: light.bedroom }
`;

describe('YAML', () => {
  it('keeps comments, quotes and order where nothing changed', () => {
    const { value } = parse(TEXT);
    expect(rewrite(TEXT, value)).toBe(TEXT);
    expect(rewrite(TEXT, { ...(value as object), alias: 'Evening' })).toBe(TEXT.replace('Morning', 'Evening'));
  });

  it('takes comments along with a piece that moves, and drops those of one that goes', () => {
    const { value } = parse(TEXT) as { value: { triggers: unknown[] } };
    const swapped = rewrite(TEXT, { ...value, triggers: value.triggers.toReversed() });
    expect(swapped).toContain('half past five');
    expect(swapped.indexOf('sunrise')).toBeLessThan(swapped.indexOf('05:30'));
    const without = rewrite(TEXT, { ...value, triggers: value.triggers.slice(1) });
    expect(without).not.toContain('half past five');
    expect(without).toContain('# the bedroom');
  });

  it('quotes what YAML 1.1 reads as something else', () => {
    expect(write({ to: 'on', at: '05:30:00' })).toBe('to: "on"\nat: "05:30:00"\n');
  });

  it('reads back what it writes', () => {
    const value = { a: [{ b: null, c: 'x: y', d: 'two\nlines\n' }], e: '{{ states("a.b") }}', f: [] };
    expect(parse(write(value)).value).toEqual(value);
    expect(parse(rewrite(TEXT, value)).value).toEqual(value);
  });

  it('says the line of a mistake and of a part', () => {
    expect(parse('a: 1\nb: "x\n').mistake?.line).toBeGreaterThan(1);
    expect(lineAt(TEXT, ['triggers', 1, 'event'])).toBe(8);
    expect(lineAt(TEXT, ['triggers', 1, 'nothing'])).toBe(7);
  });
});

describe('history', () => {
  const start = () => opened('automation', versionOf({ alias: 'A', triggers: [], conditions: [], actions: [] }));

  it('puts quick changes of the same thing into one step', () => {
    let state = start();
    for (const [index, alias] of ['Ab', 'Abc'].entries()) state = edited(state, { do: 'edit', key: 'alias', at: index * 100, change: (config) => ({ ...config, alias }) });
    expect(state.past).toHaveLength(1);
    state = edited(state, { do: 'undo' });
    expect(state.now.config.alias).toBe('A');
    expect(edited(state, { do: 'redo' }).now.config.alias).toBe('Abc');
  });

  it('keeps the last good value while the text has a mistake', () => {
    let state = edited(start(), { do: 'type', text: 'alias: "B', at: 0 });
    expect(state.now.mistake?.line).toBe(1);
    expect(state.now.config.alias).toBe('A');
    state = edited(state, { do: 'type', text: 'alias: "B"', at: 0 });
    expect(state.now.mistake).toBeNull();
    expect(state.now.config.alias).toBe('B');
  });
});

describe('errors', () => {
  it('splits the text from the path', () => {
    expect(splitError("required key not provided @ data['entity_id']")).toEqual({ text: 'required key not provided', path: ['entity_id'] });
    expect(splitError("Service x does not match format <domain>.<name> for dictionary value @ data['parallel'][0][0]['action']")).toEqual({
      text: 'Service x does not match format <domain>.<name>',
      path: ['parallel', 0, 0, 'action'],
    });
    expect(splitError('expected dictionary')).toEqual({ text: 'expected dictionary', path: [] });
  });

  it('finds the innermost piece', () => {
    expect(pieceOf(['actions', 0, 'choose', 1, 'sequence', 2, 'delay'])).toEqual(['actions', 0, 'choose', 1, 'sequence', 2]);
    expect(pieceOf(['actions', 0, 'choose', 1])).toEqual(['actions', 0]);
    expect(pieceOf(['alias'])).toEqual(['alias']);
  });

  it('undoes the lists that the server makes of branches', () => {
    const config = { actions: [{ parallel: [{ action: 'x' }, { sequence: [{ action: 'y' }] }] }] };
    expect(configPath(config, ['actions', 0, 'parallel', 0, 0, 'action'])).toEqual(['actions', 0, 'parallel', 0, 'action']);
    expect(configPath(config, ['actions', 0, 'parallel', 1, 0, 'action'])).toEqual(['actions', 0, 'parallel', 1, 'sequence', 0, 'action']);
    expect(problemOf(config, ['actions', 0], "bad @ data['parallel'][1][0]['action']")).toEqual({ path: ['actions', 0, 'parallel', 1, 'sequence', 0], field: ['action'], text: 'bad' });
  });
});
