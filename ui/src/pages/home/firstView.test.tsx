import { act, render } from '@testing-library/react';
import type { Connection } from 'home-assistant-js-websocket';
import { beforeEach, describe, expect, it } from 'vitest';
import { remember, remembered } from '@/data/remembered';
import { HomeSession } from '@/data/session';
import { FakeConnection, renderWith, short } from '@/test/session';
import { SessionContext } from '@/data/hooks';
import type { User } from '@/data/types';
import type { DashboardConfig } from '@/lovelace/types';
import { beginningOf, useFirstView } from './useFirstView';

const tiles = (count: number, from = 0) => Array.from({ length: count }, (_, at) => ({ type: 'tile', entity: `light.l${from + at}` }));
const made: DashboardConfig = { views: [{ type: 'sections', sections: [{ cards: tiles(2) }, { cards: tiles(99, 2) }, { cards: tiles(1, 101) }] }] };

function Shows({ config, automatic, loaded }: { config: DashboardConfig | null; automatic: boolean; loaded: boolean }) {
  const first = useFirstView(config, automatic, loaded);
  return <output>{JSON.stringify({ sections: first.made?.views[0]?.sections?.length ?? null, complete: first.complete })}</output>;
}

const user: User = { id: 'u', name: 'Ann', is_owner: true, is_admin: true, credentials: [], mfa_modules: [] };

/** A session whose states are still to come. */
async function waiting() {
  const connection = new FakeConnection();
  const session = new HomeSession(connection as unknown as Connection, null, user, 'en');
  await session.start([], ['light.l0']);
  return { connection, session };
}

describe('the first view', () => {
  beforeEach(() => localStorage.clear());

  it('is kept as far as it fills a screen, and no further', async () => {
    expect(beginningOf(made.views[0]!).sections).toHaveLength(1);
    await renderWith(<Shows config={made} automatic loaded />, { states: { 'light.l0': 'on' } });
    expect(remembered()).toMatchObject({ user: 'u', ids: ['light.l0'], gone: ['light.l1'], view: { sections: [{ cards: tiles(2) }] } });
  });

  it('is shown as soon as its entities are there, to whom it belongs', async () => {
    remember({ user: 'u', language: 'en', ids: ['light.l0'], gone: ['light.l1'], view: { sections: [{ cards: tiles(2) }] } });
    const { connection, session } = await waiting();
    expect(connection.sent.at(-1)).toMatchObject({ type: 'marge/entities/subscribe', first: ['light.l0'] });
    const shown = render(<SessionContext value={session}><Shows config={null} automatic={false} loaded={false} /></SessionContext>);
    expect(shown.container).toHaveTextContent('{"sections":null,"complete":false}');
    act(() => connection.emit('marge/entities/subscribe', { a: { 'light.l0': short('on') } }));
    expect(shown.container).toHaveTextContent('{"sections":1,"complete":false}');
    remember({ ...remembered()!, user: 'other' });
    const other = render(<SessionContext value={session}><Shows config={null} automatic={false} loaded={false} /></SessionContext>);
    expect(other.container).toHaveTextContent('{"sections":null,"complete":false}');
  });

  it('lets a written dashboard begin when all that it names was there last time', async () => {
    remember({ user: 'u', language: 'en', ids: ['light.l0'], gone: ['light.l1'] });
    const { connection, session } = await waiting();
    act(() => connection.emit('marge/entities/subscribe', { a: { 'light.l0': short('on') } }));
    const of = (count: number) => <SessionContext value={session}><Shows config={{ views: [{ cards: tiles(count) }] }} automatic={false} loaded={false} /></SessionContext>;
    expect(render(of(2)).container).toHaveTextContent('"complete":true');
    expect(render(of(3)).container).toHaveTextContent('"complete":false');
  });
});
