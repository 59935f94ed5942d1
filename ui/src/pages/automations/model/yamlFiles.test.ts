import { describe, expect, it } from 'vitest';
import { versionOfFile } from './history';
import { hasTag } from './schema';
import { forFile, parse, rewrite, write } from './yamlText';

/** As somebody may have written it: other indents, flat lists, old words, odd blanks. */
const FILE = `id: '7'   # its number
# The guests come at seven
alias:   Guests
trigger:
- platform: state   # somebody rings
  entity_id: binary_sensor.door
  to: !secret rung

condition: []
action:
# first of all
- service: light.turn_on
  data: {brightness: 100,   flash: yes}
- delay: 00:00:05   # a moment
`;

describe('texts of files', () => {
  it('are read as the server reads them', () => {
    expect(parse('a: on\nb: 07:30:00\nc: 010\nd: 2024-01-01\ne: y\nf: No\n').value).toEqual({ a: true, b: '07:30:00', c: 8, d: '2024-01-01', e: 'y', f: false });
  });

  it('keep secrets and includes, which are shown by their names', () => {
    const { value } = parse('a: !secret door # told to nobody\nb: !include x.yaml\n') as { value: Record<string, unknown> };
    expect(value).toEqual({ a: '!secret door', b: '!include x.yaml' });
    expect(hasTag([value])).toBe(true);
    expect(hasTag([{ a: 'a secret' }])).toBe(false);
    expect(rewrite('a: !secret door # told to nobody\nb: 1\n', { ...value, b: 2 })).toBe('a: !secret door # told to nobody\nb: 2\n');
    expect(write({ a: '!secret door', b: 'on', c: '17:30:00' })).toBe('a: !secret door\nb: "on"\nc: "17:30:00"\n');
  });

  it('take states and times without quotes as they are meant, and are saved so that a file means it, too', () => {
    const typed = 'triggers:\n  - trigger: state\n    to: off # at last\n    not_from: [on, unknown]\n  - trigger: time\n    at: 17:30:00\nactions:\n  - action: a.b\n    data: {state: on}\n    enabled: yes\n';
    expect(parse(typed).value).toEqual({
      triggers: [{ trigger: 'state', to: 'off', not_from: ['on', 'unknown'] }, { trigger: 'time', at: '17:30:00' }],
      actions: [{ action: 'a.b', data: { state: true }, enabled: true }],
    });
    expect(forFile(typed)).toBe(typed.replace('to: off', 'to: "off"').replace('[on,', '["on",').replace('17:30:00', '"17:30:00"'));
    expect(forFile(FILE)).toBe(FILE);
    expect(forFile('a: [')).toBe('a: [');
  });

  it('change in the lines that must, whatever their layout and words', () => {
    const { config } = versionOfFile('automation', FILE);
    expect(config).toMatchObject({ triggers: [{ trigger: 'state', to: '!secret rung' }], actions: [{ action: 'light.turn_on' }, { delay: '00:00:05' }] });
    const next = rewrite(FILE, { ...config, alias: 'Visitors' });
    // Today's words come with the first change; comments and what stands beside them stay.
    for (const comment of ['# its number', '# The guests come at seven', '# somebody rings', '# first of all', '# a moment']) expect(next).toContain(comment);
    expect(next).toContain('to: !secret rung');
    expect(parse(next).value).toEqual({ ...config, alias: 'Visitors' });

    const today = FILE.replace('trigger:', 'triggers:').replace('platform:', 'trigger:').replace('condition:', 'conditions:').replace('action:', 'actions:').replace('service:', 'action:');
    const read = versionOfFile('automation', today).config;
    expect(rewrite(today, { ...read, alias: 'Visitors' })).toBe(today.replace('alias:   Guests', 'alias: Visitors'));
    const later = read.actions as object[];
    expect(rewrite(today, { ...read, actions: [later[0], { delay: 9 }] })).toBe(today.replace('delay: 00:00:05   #', 'delay: 9 #'));
    expect(rewrite(today, { ...read, mode: 'single' })).toBe(`${today}mode: single\n`);
  });

  it('keep what is said of a lone item that becomes a list', () => {
    const text = 'triggers:\n  trigger: sun # at dusk\n  event: sunset\nconditions: []\nactions: []\n';
    const { config } = versionOfFile('automation', text);
    expect(rewrite(text, { ...config, triggers: [...(config.triggers as object[]), { trigger: 'homeassistant', event: 'start' }] })).toContain('# at dusk');
  });
});
