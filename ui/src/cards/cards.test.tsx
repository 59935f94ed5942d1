import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CardHost, cardTypes, loadCard } from '@/lovelace/host';
import { makeSession, renderWith, short } from '@/test/session';
import { severity } from './gauge';

const frame = () => new Promise((done) => requestAnimationFrame(done));

describe('cards', () => {
  it('a tile switches at once, and goes back when the server refuses', async () => {
    let refuse = false;
    const { connection } = await renderWith(<CardHost config={{ type: 'tile', entity: 'light.porch' }} />, {
      states: { 'light.porch': ['off', { friendly_name: 'Porch' }] },
      answers: { call_service: () => { if (refuse) throw { code: 'home_assistant_error', message: 'The lamp does not answer' }; return { context: { id: 'c' }, response: null }; } },
    });
    const knob = await screen.findByRole('switch', { name: 'Porch' });
    expect(knob).not.toBeChecked();
    await userEvent.click(knob);
    expect(knob).toBeChecked();
    expect(connection.sent.at(-1)).toMatchObject({ type: 'call_service', domain: 'homeassistant', service: 'turn_on', target: { entity_id: 'light.porch' } });
    connection.emit('marge/entities/subscribe', { c: { 'light.porch': { '+': { s: 'on', lc: 2 } } } });
    await frame();
    await waitFor(() => expect(screen.getByRole('switch')).toBeChecked());
    refuse = true;
    await userEvent.click(screen.getByRole('switch'));
    await waitFor(() => expect(screen.getByRole('switch')).toBeChecked());
  });

  it('a tile that is pressed twice before its light has answered asks for what it shows', async () => {
    const { connection } = await renderWith(<CardHost config={{ type: 'tile', entity: 'light.porch' }} />, { states: { 'light.porch': 'off' } });
    const knob = await screen.findByRole('switch');
    await userEvent.click(knob);
    await userEvent.click(knob);
    expect(knob).not.toBeChecked();
    expect(connection.sent.filter((each) => each.type === 'call_service').map((each) => each.service)).toEqual(['turn_on', 'turn_off']);
  });

  it('an entity that goes while its card is shown says so', async () => {
    const { connection } = await renderWith(<CardHost config={{ type: 'entities', entities: ['switch.a', { entity: 'sensor.t', name: 'Outside' }] }} />, {
      states: { 'switch.a': 'on', 'sensor.t': ['20.5', { unit_of_measurement: '°C' }] },
    });
    expect(await screen.findByText('20.5 °C')).toBeVisible();
    expect(screen.getByText('Outside')).toBeVisible();
    connection.emit('marge/entities/subscribe', { r: ['sensor.t'] });
    await frame();
    expect(await screen.findByText('Not there (any more)')).toBeVisible();
  });

  it('a conditional card comes and goes with its state', async () => {
    const card = { type: 'conditional', conditions: [{ entity: 'light.a', state: 'on' }], card: { type: 'heading', heading: 'It is on' } };
    const { connection } = await renderWith(<CardHost config={card} />, { states: { 'light.a': 'off' } });
    await frame();
    expect(screen.queryByText('It is on')).toBeNull();
    connection.emit('marge/entities/subscribe', { a: { 'light.a': short('on') } });
    await frame();
    expect(await screen.findByText('It is on')).toBeVisible();
  });

  it('a card that is not known, or is nonsense, keeps its place and harms nobody', async () => {
    await renderWith(
      <>
        <CardHost config={{ type: 'custom:fancy-card' }} />
        <CardHost config={{ type: 'entities', entities: 'nonsense' }} />
        <CardHost config={{ type: 'grid', cards: 7, columns: 'x' }} />
        <CardHost config={{ type: 'gauge', entity: 5 }} />
        <CardHost config={{ type: 'heading', heading: 'Still here' }} />
      </>,
    );
    expect(await screen.findByText(/custom:fancy-card/)).toBeVisible();
    expect(await screen.findByText('Still here')).toBeVisible();
  });

  it('every type has a name, a description and a form; what it begins with can be shown', async () => {
    const { session } = await makeSession({ states: { 'light.a': 'on', 'sensor.t': ['1', { unit_of_measurement: 'W' }], 'climate.c': 'heat', 'weather.w': 'sunny', 'media_player.m': 'off', 'alarm_control_panel.a': 'disarmed' } });
    const texts = (await import('./locales/en.json')).default as { types: Record<string, { name: string; text: string }> };
    expect(Object.keys(texts.types).sort()).toEqual([...cardTypes]);
    for (const type of cardTypes) {
      const module = (await loadCard(type))!;
      expect(module.form, type).toBeDefined();
      const begin = module.stub?.(session) ?? {};
      for (const field of module.form!.filter((each) => each.required)) expect(begin, type).toHaveProperty(field.name);
    }
  });

  it('a gauge takes the colour of the highest limit that is reached', () => {
    const limits = { green: 0, yellow: 50, red: 80 };
    expect([10, 60, 90].map((value) => severity(value, limits))).toEqual(['var(--ok)', 'var(--active)', 'var(--danger)']);
    expect(severity(10, undefined)).toBe('var(--accent)');
  });
});
