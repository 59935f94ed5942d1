import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { useOpenEntity } from '@/components/MoreInfo';
import { CardHost } from '@/lovelace/host';
import { renderWith, short } from '@/test/session';

const OpenEntity = () => <p role="status">{useOpenEntity()}</p>;

const LIGHT = { friendly_name: 'Porch', supported_color_modes: ['brightness'], brightness: 128 };
const TILE = { type: 'tile', entity: 'light.porch', features: [{ type: 'light-brightness' }, { type: 'custom:unknown' }] };

describe('a slider on a card', () => {
  it('is moved by keys and told once, and goes back when the server refuses', async () => {
    let refuse = false;
    const { connection } = await renderWith(<CardHost config={TILE} />, {
      states: { 'light.porch': ['on', LIGHT] },
      answers: { call_service: () => { if (refuse) throw { code: 'x', message: 'No' }; return { context: { id: 'c' }, response: null }; } },
    });
    const slider = await screen.findByRole('slider', { name: 'Brightness of Porch' });
    expect(slider).toHaveAttribute('aria-valuenow', '50');
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    fireEvent.keyDown(slider, { key: 'PageUp' });
    expect(slider).toHaveAttribute('aria-valuenow', '61');
    fireEvent.blur(slider);
    const calls = () => connection.sent.filter((each) => each.type === 'call_service');
    await waitFor(() => expect(calls()).toHaveLength(1));
    expect(calls()[0]).toMatchObject({ domain: 'light', service: 'turn_on', service_data: { brightness_pct: 61 } });
    expect(slider).toHaveAttribute('aria-valuenow', '61');
    refuse = true;
    fireEvent.keyDown(slider, { key: 'Home' });
    fireEvent.blur(slider);
    expect(calls()[1]).toMatchObject({ service: 'turn_off' });
    await waitFor(() => expect(slider).toHaveAttribute('aria-valuenow', '50'));
  });

  it('cannot be moved while the device is away, and Escape undoes', async () => {
    const { connection } = await renderWith(<><CardHost config={TILE} /><CardHost config={{ ...TILE, entity: 'light.away' }} /></>, {
      states: { 'light.porch': ['on', LIGHT], 'light.away': ['unavailable', { ...LIGHT, friendly_name: 'Away' }] },
    });
    const [slider, away] = [await screen.findByRole('slider', { name: 'Brightness of Porch' }), await screen.findByRole('slider', { name: 'Brightness of Away' })];
    fireEvent.keyDown(away, { key: 'End' });
    fireEvent.blur(away);
    fireEvent.keyDown(slider, { key: 'End' });
    fireEvent.keyDown(slider, { key: 'Escape' });
    fireEvent.blur(slider);
    expect(slider).toHaveAttribute('aria-valuenow', '50');
    expect(connection.sent.some((each) => each.type === 'call_service')).toBe(false);
  });
});

describe('an area', () => {
  const area = { area_id: 'kitchen', name: 'Kitchen', floor_id: null, icon: null, picture: null, labels: [], aliases: [] };
  const answers = {
    'config/area_registry/list': [area],
    'marge/entities/entries': { tables: { platforms: ['x'], devices: [], areas: ['kitchen'] }, rows: ['light.a', 'light.b', 'sensor.t', 'sensor.u', 'binary_sensor.m'].map((id) => [id, 0, null, 0, null]) },
  };

  it('says how it is there and switches all its lights', async () => {
    const { connection } = await renderWith(<CardHost config={{ type: 'area', area: 'kitchen' }} />, {
      answers,
      states: { 'light.a': 'on', 'light.b': 'off', 'sensor.t': ['20.44', { device_class: 'temperature', unit_of_measurement: '°C' }], 'binary_sensor.m': ['on', { device_class: 'motion' }] },
    });
    expect(await screen.findByText('20.4 °C')).toBeVisible();
    expect(screen.getByText('Motion')).toBeVisible();
    fireEvent.click(await screen.findByRole('button', { name: 'Lights in Kitchen: 1 of 2 on' }));
    expect(connection.sent.at(-1)).toMatchObject({ domain: 'light', service: 'turn_off', target: { entity_id: ['light.a', 'light.b'] } });
  });

  it('shows readings that are a press away from why they are so, beside what leads to the area', async () => {
    const thermometer = (value: string): [string, Record<string, unknown>] => [value, { device_class: 'temperature', unit_of_measurement: '°C' }];
    const { connection, location } = await renderWith(
      <>
        <CardHost config={{ type: 'area', area: 'kitchen' }} />
        <OpenEntity />
      </>,
      { answers, states: { 'sensor.t': thermometer('20.4'), 'binary_sensor.m': ['on', { device_class: 'motion', friendly_name: 'Kitchen motion' }] } },
    );
    fireEvent.click(await screen.findByRole('button', { name: /^T:\s*20\.4\s°C$/ }));
    expect(screen.getByRole('status')).toHaveTextContent('sensor.t');
    fireEvent.click(screen.getByRole('button', { name: /^Kitchen motion:\s*Motion$/ }));
    expect(screen.getByRole('status')).toHaveTextContent('binary_sensor.m');
    expect(location()).toBe('/');
    expect(document.querySelector('button button, a button')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Kitchen' }));
    expect(location()).toBe('/areas/kitchen');

    // The mean of two is nobody's state.
    act(() => connection.emit('marge/entities/subscribe', { a: { 'sensor.u': short(...thermometer('22.4')) } }));
    expect(await screen.findByText('21.4 °C')).toBeVisible();
    expect(screen.queryByRole('button', { name: /°C/ })).toBeNull();
  });

  it('that is gone says so', async () => {
    await renderWith(<CardHost config={{ type: 'area', area: 'cellar' }} />, { answers });
    expect(await screen.findByText('This area does not exist (any more).')).toBeVisible();
  });
});
