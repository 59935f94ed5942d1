import { describe, expect, it } from 'vitest';
import { withTexts } from './serviceTexts';
import type { Services } from './types';

const SERVICES: Services = {
  light: {
    turn_on: {
      name: 'Turn on',
      description: 'Turns lights on.',
      fields: {
        brightness_pct: { name: 'Brightness pct', description: 'Brightness pct.', selector: { number: { min: 0, max: 100 } } },
        more: { name: 'Advanced fields', collapsed: true, fields: { flash: { name: 'Flash', required: true } } },
      },
      target: { entity: [{ domain: ['light'] }] },
    },
  },
};

describe('services in the language of who looks', () => {
  it('have the names, descriptions and fields of the texts, also those in groups', () => {
    const found = withTexts(SERVICES, {
      'component.light.services.turn_on.name': 'Einschalten',
      'component.light.services.turn_on.fields.brightness_pct.name': 'Helligkeit in Prozent',
      'component.light.services.turn_on.fields.brightness_pct.description': 'Wie hell.',
      'component.light.services.turn_on.sections.more.name': 'Weitere Felder',
      'component.light.services.turn_on.fields.flash.name': 'Blinken',
    }).light?.turn_on;
    expect(found).toEqual({
      name: 'Einschalten',
      description: 'Turns lights on.',
      fields: {
        brightness_pct: { name: 'Helligkeit in Prozent', description: 'Wie hell.', selector: { number: { min: 0, max: 100 } } },
        more: { name: 'Weitere Felder', collapsed: true, fields: { flash: { name: 'Blinken', required: true } } },
      },
      target: { entity: [{ domain: ['light'] }] },
    });
  });

  it('stay as they are without texts, but for descriptions that only repeat the name', () => {
    const field = withTexts(SERVICES, {}).light?.turn_on?.fields.brightness_pct;
    expect(field).toEqual({ name: 'Brightness pct', selector: { number: { min: 0, max: 100 } } });
  });
});
