import { beforeEach, describe, expect, it } from 'vitest';
import { forget, idsIn, remember, remembered } from './remembered';

describe('what the first view showed', () => {
  beforeEach(() => localStorage.clear());

  it('finds the entities of a configuration, however deep', () => {
    const view = { badges: ['sun.sun'], sections: [{ cards: [{ type: 'tile', entity: 'light.a', name: 'Not. this' }, { entities: [{ entity: 'sensor.b_1' }, 'light.a'] }] }], path: 'home', max: 2 };
    expect([...idsIn(view)]).toEqual(['sun.sun', 'light.a', 'sensor.b_1']);
  });

  it('keeps it until it is forgotten, and nothing that is too large or not its own', () => {
    const small = { user: 'u', language: 'en', ids: ['light.a'], gone: ['light.b'], view: { path: 'home' } };
    remember(small);
    expect(remembered()).toEqual(small);
    forget();
    expect(remembered()).toBeNull();
    remember({ ...small, ids: Array.from({ length: 501 }, (_, at) => `light.l${at}`) });
    expect(remembered()).toBeNull();
    localStorage.setItem('marge_first_view', '{"ids": [1]}');
    expect(remembered()).toBeNull();
    localStorage.setItem('marge_first_view', '{"ids');
    expect(remembered()).toBeNull();
  });
});
