import { screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Why } from '@/components/Why';
import { renderWith } from '@/test/session';
import { DeadlockBanner } from './DeadlockBanner';
import { Flow } from './Flow';
import { bytes, percent, seconds } from './format';
import { OverviewTab } from './OverviewTab';
import { WaitHistogram } from './WaitHistogram';
import type { Overview, Row } from './types';

// The browser of the tests has no screen and draws nothing.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
vi.mock('@/components/ChartDrawing', () => ({ default: () => null }));

const row: Row = {
  path: '/bridges/mqtt', class: 'MqttBridge', domain: 'mqtt', state: 'restarting', mailbox: 3, oldest_s: 4.2, messages_s: 0, busy: 0, restarts: 7, score: 500, pinned: true,
  countdown_s: 12, last_failure: { time: 1, error: 'OSError: no broker' },
};
const overview: Overview = {
  time: 1, actors: 60_000, cost: { cpu: 0.011, ms: 11 },
  totals: { messages_s: 500, busy: 0.1, mailbox: 3, oldest_s: 4.2, restarts: 7, deaths: 2, dead_letters: 1, states: { running: 59_999, restarting: 1 } },
  groups: [], groups_total: 0, guilty: [row],
  types: [{ class: 'EntityActor', type: 'Report', count_s: 500, mean_ms: 0.02, max_ms: 1.5, busy: 0.01, waits: false }],
  hub: { seconds: [[1, 2, 0.1, 0.05]], headroom: 0.9, held: 1, longest_ms: 70, latest: [] },
  dispatcher: { ready: 0, turns_s: 10, slow_turns: 0, replaced_workers: 0 }, bus: { published_s: 5, delivered_s: 20, listeners: 9 },
  flow: { nodes: ['bridges', 'entities', 'bus'], edges: [{ from: 'bridges', to: 'entities', per_s: 500 }] }, deadlocks: [],
};

describe('the console', () => {
  it('shows the guilty first, with the time until they come back and what they died of', async () => {
    await renderWith(<OverviewTab overview={overview} seconds={overview.hub.seconds} />);
    const shown = within(screen.getByRole('row', { name: /mqtt/ }));
    expect(shown.getByText('restarting in 12 s')).toBeInTheDocument();
    expect(shown.getByText(/no broker/)).toBeInTheDocument();
    expect(shown.getByRole('link', { name: 'mqtt' })).toHaveAttribute('href', '/console?at=%2Fbridges%2Fmqtt');
    expect(screen.getByText('60,000')).toBeInTheDocument();
    expect(screen.getByText('1 is in trouble')).toBeInTheDocument();
  });

  it('says that all is well when nobody is guilty', async () => {
    await renderWith(<OverviewTab overview={{ ...overview, guilty: [] }} seconds={[]} />);
    expect(screen.getByText('All is well')).toBeInTheDocument();
  });

  it('names everybody in a deadlock', async () => {
    const wait = { since_s: 3, message: 'str', ahead: 0 };
    await renderWith(<DeadlockBanner circles={[[{ ...wait, asker: '/a', target: '/b' }, { ...wait, asker: '/b', target: '/a' }]]} />);
    const banner = screen.getByRole('alert');
    expect(banner).toHaveTextContent('Deadlock: 2 actors wait for each other');
    expect(banner).toHaveTextContent('/a waits for /b (3 s), /b waits for /a (3 s)');
  });

  it('tells those who cannot see the picture who sends to whom', async () => {
    await renderWith(<Flow nodes={overview.flow.nodes} edges={overview.flow.edges} />);
    expect(screen.getByText('Bridges to Entities: 500 a second')).toBeInTheDocument();
  });

  it('writes figures in few characters', () => {
    expect([seconds(0.0123, 'en'), seconds(4.25, 'en'), seconds(600, 'en')]).toEqual(['12 ms', '4.3 s', '10 min']);
    expect([percent(0.0123, 'en'), percent(0.5, 'en'), bytes(2_000_000, 'en')]).toEqual(['1.2 %', '50 %', '1,953 KB']);
  });
});

describe('why', () => {
  const steps = [
    { kind: 'state', time: 1, text: '', entity_id: 'light.hall', name: 'Hall', from: 'off', to: 'on' },
    { kind: 'call', time: 1, text: '', domain: 'light', service: 'turn_on' },
    { kind: 'run', time: 1, text: '', entity_id: 'automation.evening', name: 'Evening', source: 'state of binary_sensor.door', trace: { run_id: 'x', domain: 'automation', item_id: 'evening' } },
    { kind: 'state', time: 1, text: '', entity_id: 'binary_sensor.door', name: 'Door', from: 'off', to: 'on' },
    { kind: 'device', text: '', topic: 'zigbee2mqtt/door', device: 'Door sensor', owner: 'mqtt', device_id: 'd' },
  ];

  it('leads from the state to the message of the device', async () => {
    await renderWith(<Why entityId="light.hall" />, { states: { 'light.hall': 'on' }, answers: { 'marge/why': { steps, is_complete: true } } });
    expect(await screen.findByText(/The automation “Evening” ran/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Show the trace of this run' })).toHaveAttribute('href', '/automations/trace/evening/x');
    expect(screen.getByText('zigbee2mqtt/door')).toBeInTheDocument();
    expect(screen.getByText('Door sensor said so')).toBeInTheDocument();
    expect(screen.getAllByRole('listitem')).toHaveLength(5);
  });

  it('says what the server refuses, and offers to ask again', async () => {
    await renderWith(<Why entityId="light.gone" />, {});
    expect(await screen.findByText('This cannot be told')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});

describe('how long messages waited', () => {
  it('is shown as counts of classes, the longest of which has no end', async () => {
    await renderWith(<WaitHistogram waits={[{ below_ms: 1, count: 8 }, { below_ms: 1000, count: 0 }, { below_ms: null, count: 2 }]} />);
    expect(screen.getByRole('heading', { name: /10 messages waited/ })).toBeInTheDocument();
    expect(screen.getByText('below 1 ms').nextElementSibling).toHaveTextContent('8');
    expect(screen.getByText('1 s and more').nextElementSibling).toHaveTextContent('2');
  });

  it('is not said of none', async () => {
    const { container } = await renderWith(<WaitHistogram waits={[{ below_ms: null, count: 0 }]} />);
    expect(container.querySelector('dl')).toBeNull();
  });
});
