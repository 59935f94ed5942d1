import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { lineOf, type Speaker, type Step, userWords } from './whyChain';

const t = ((key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join(' ')) as unknown as TFunction<'why'>;
const word = (step: Step) => (step.to ?? '').toUpperCase();
const speaker: Speaker = { t, word, title: (domain) => domain, trigger: (source) => source.toUpperCase() };
const own: Step = { kind: 'state', text: '', entity_id: 'light.hall', to: 'on' };

describe('a chain in one line', () => {
  it('leaves out the state itself and calls that somebody stands behind', () => {
    const steps: Step[] = [own, { kind: 'call', text: '', domain: 'light', service: 'turn_on' }, { kind: 'user', text: '', name: 'Ann' }];
    expect(lineOf(steps, 'light.hall', speaker)).toBe('user Ann');
  });

  it('names what ran, what that followed from, and the beginning', () => {
    const steps: Step[] = [
      own,
      { kind: 'call', text: '', domain: 'light', service: 'turn_on' },
      { kind: 'run', text: '', entity_id: 'automation.evening', name: 'Evening' },
      { kind: 'state', text: '', entity_id: 'binary_sensor.door', name: 'Door', to: 'on' },
      { kind: 'device', text: '', device: 'Door' },
    ];
    expect(lineOf(steps, 'light.hall', speaker)).toBe('automation Evening ← state Door ON ← device Door');
  });

  it('says that it is not known', () => {
    expect(lineOf([own, { kind: 'unknown', text: '' }], 'light.hall', speaker)).toBe('unknown');
    expect(lineOf([own, { kind: 'call', text: '', domain: 'light', service: 'turn_on' }, { kind: 'unknown', text: '' }], 'light.hall', speaker)).toBe('call light.turn_on');
  });

  it('puts what set it off into words', () => {
    expect(lineOf([own, { kind: 'trigger', text: '', source: 'time pattern' }], 'light.hall', speaker)).toBe('trigger TIME PATTERN');
  });

  it('tells somebody without an account from a user who is no more', () => {
    expect(userWords({ kind: 'user', text: '', name: null }, t)).toBe('userGone');
    expect(userWords({ kind: 'user', text: '', name: null, stand_in: 'token' }, t)).toBe('standIn.token');
    expect(userWords({ kind: 'user', text: '', name: null, stand_in: 'anybody' }, t)).toBe('standIn.anybody');
  });
});
