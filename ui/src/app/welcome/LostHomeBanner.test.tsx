import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { renderWith } from '@/test/session';
import type { LostHome } from '../auth';
import { LostHomeBanner } from './LostHomeBanner';

const BACKUP = { backup_id: '0a1b2c3d', name: 'Before the storm', date: '2026-05-04T04:45:00+02:00', protected: false };

/** What the server says of `/api/onboarding/lost`. */
function serverSays(lost: LostHome | null, status = 200): void {
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify({ lost }), { status }))));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('who is asked to begin anew after a damage is told of it, and has the old home back with one press', async () => {
  serverSays({ reason: 'damaged', file: 'marge.db.damaged-20260505-101112', backups: [BACKUP, { ...BACKUP, backup_id: 'older' }] });
  const onRestore = vi.fn();
  await renderWith(<LostHomeBanner onRestore={onRestore} />);
  const told = await screen.findByRole('status');
  expect(told).toHaveTextContent('There was a home here before');
  expect(told).toHaveTextContent('“marge.db.damaged-20260505-101112”');
  expect(told).toHaveTextContent('Before the storm');
  fireEvent.click(screen.getByRole('button', { name: 'Restore this backup' }));
  expect(onRestore).toHaveBeenCalledWith('0a1b2c3d');
});

test('a home whose database is away is told so', async () => {
  serverSays({ reason: 'missing', file: 'marge.db', backups: [BACKUP] });
  await renderWith(<LostHomeBanner onRestore={vi.fn()} />);
  expect(await screen.findByText(/its database “marge.db” is not/)).toBeVisible();
});

test('without a backup it says where one may come from', async () => {
  serverSays({ reason: 'damaged', file: 'marge.db.damaged-1', backups: [] });
  await renderWith(<LostHomeBanner onRestore={vi.fn()} />);
  expect(await screen.findByText(/restore from it below/)).toBeVisible();
});

test('a first day is none of this', async () => {
  serverSays(null);
  const { container } = await renderWith(<LostHomeBanner onRestore={vi.fn()} />);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  expect(container).toBeEmptyDOMElement();
});
