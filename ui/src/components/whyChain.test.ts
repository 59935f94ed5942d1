import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { lineOf, type Step } from './whyChain';

const t = ((key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join(' ')) as unknown as TFunction<'why'>;
const word = (step: Step) => (step.to ?? '').toUpperCase();
const own: Step = { kind: 'state', text: '', entity_id: 'light.hall', to: 'on' };

describe('a chain in one line', () => {
  it('leaves out the state itself and calls that somebody stands behind', () => {
    const steps: Step[] = [own, { kind: 'call', text: '', domain: 'light', service: 'turn_on' }, { kind: 'user', text: '', name: 'Ann' }];
    expect(lineOf(steps, 'light.hall', t, word, (domain) => domain)).toBe('user Ann');
  });

  it('names what ran, what that followed from, and the beginning', () => {
    const steps: Step[] = [
      own,
      { kind: 'call', text: '', domain: 'light', service: 'turn_on' },
      { kind: 'run', text: '', entity_id: 'automation.evening', name: 'Evening' },
      { kind: 'state', text: '', entity_id: 'binary_sensor.door', name: 'Door', to: 'on' },
      { kind: 'device', text: '', device: 'Door' },
    ];
    expect(lineOf(steps, 'light.hall', t, word, (domain) => domain)).toBe('automation Evening ← state Door ON ← device Door');
  });

  it('says that it is not known', () => {
    expect(lineOf([own, { kind: 'unknown', text: '' }], 'light.hall', t, word, (domain) => domain)).toBe('unknown');
    expect(lineOf([own, { kind: 'call', text: '', domain: 'light', service: 'turn_on' }, { kind: 'unknown', text: '' }], 'light.hall', t, word, (domain) => domain)).toBe('call light.turn_on');
  });
});
