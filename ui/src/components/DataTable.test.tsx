import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { renderWith } from '@/test/session';
import { type Column, DataTable } from './DataTable';

interface Row {
  id: string;
  name: string;
  size: number | null;
}

const rows: Row[] = [
  { id: 'a', name: 'Lamp 10', size: 3 },
  { id: 'b', name: 'lamp 2', size: null },
  { id: 'c', name: 'Zone', size: 1 },
];
const columns: Column<Row>[] = [
  { id: 'name', label: 'Name', value: (row) => row.name },
  { id: 'size', label: 'Size', value: (row) => row.size },
];
const rowKey = (row: Row) => row.id;

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} });
  vi.stubGlobal('scrollTo', () => undefined);
  // jsdom lays nothing out: the window is as tall as it says, each row as high as asked for.
  Object.defineProperty(window, 'innerHeight', { value: 800 });
});

const names = () => screen.getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('gridcell')[0]!.textContent);

describe('a table', () => {
  it('sorts as people do, nothing at the end', async () => {
    await renderWith(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} />);
    expect(names()).toEqual(['lamp 2', 'Lamp 10', 'Zone']);
    await userEvent.click(screen.getByRole('button', { name: 'Size' }));
    expect(names()).toEqual(['Zone', 'Lamp 10', 'lamp 2']);
    expect(screen.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'ascending');
  });

  it('shows what passes the filter, and says when nothing does', async () => {
    const { rerender } = await renderWith(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} filter="10 la" />);
    expect(names()).toEqual(['Lamp 10']);
    rerender(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} filter="nope" empty={<p>nothing</p>} />);
    expect(await screen.findByText('nothing')).toBeVisible();
  });

  it('shows only rows that are accepted, and tells how many', async () => {
    const told = vi.fn();
    const { rerender } = await renderWith(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} accept={(row) => row.size !== null} onCount={told} />);
    expect(names()).toEqual(['Lamp 10', 'Zone']);
    rerender(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} accept={(row) => row.size === null} filter="lamp" onCount={told} />);
    await vi.waitFor(() => expect(names()).toEqual(['lamp 2']));
    expect(told.mock.calls.map(([count]) => count as number)).toEqual([2, 1]);
  });

  it('is used with the keyboard', async () => {
    const [open, select] = [vi.fn(), vi.fn()];
    await renderWith(<DataTable label="Things" rows={rows} columns={columns} rowKey={rowKey} onOpen={open} onSelect={select} selected={new Set()} />);
    screen.getAllByRole('row')[1]!.focus();
    await userEvent.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(screen.getAllByRole('row')[2]).toHaveFocus());
    await userEvent.keyboard('{Enter} ');
    expect(open).toHaveBeenCalledWith(rows[0]);
    expect(select).toHaveBeenCalledWith(new Set(['a']));
  });

  it('has few elements for 50,000 rows', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => ({ id: String(index), name: `Row ${index}`, size: index }));
    await renderWith(<DataTable label="Things" rows={many} columns={columns} rowKey={rowKey} />);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '50001');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });
});
