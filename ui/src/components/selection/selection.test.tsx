import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { toast } from '@/app/toasts';
import { renderWith } from '@/test/session';
import { DeleteAction, RegistryActions, SelectButton, SelectionBar, useSelection, useWork } from '.';

const ROWS = [
  { id: 'a', name: 'Lamp', isOurs: true },
  { id: 'b', name: 'Pump', isOurs: true },
  { id: 'c', name: 'Written by hand', isOurs: false },
];
const keyOf = (row: (typeof ROWS)[number]) => row.id;

function List({ remove, onChange = () => undefined }: { remove: (id: string) => Promise<void>; onChange?: (change: unknown) => void }) {
  const selection = useSelection(ROWS, keyOf);
  const work = useWork<(typeof ROWS)[number]>(selection.clear);
  return (
    <>
      <SelectButton selection={selection} />
      <button type="button" onClick={() => selection.table.onSelect?.(new Set(['a', 'b', 'c', 'gone']))}>All</button>
      {selection.selected && (
        <SelectionBar count={selection.chosen.length} work={work} onClear={selection.clear}>
          <RegistryActions count={selection.chosen.length} ready={work.ready} disableText="They sleep." onChange={onChange} />
          <DeleteAction rows={selection.chosen} work={work} isOurs={(row) => row.isOurs} remove={(row) => remove(row.id)} text="They are gone." />
        </SelectionBar>
      )}
    </>
  );
}

const bar = () => screen.queryByRole('region', { name: 'With those that are selected' });

it('what is selected is deleted one after the other, and who was refused is said when none is selected any longer', async () => {
  const ok = vi.spyOn(toast, 'ok');
  let answer: () => void = () => undefined;
  const asked: string[] = [];
  const remove = async (id: string) => {
    asked.push(id);
    if (id === 'b') throw new Error('It is needed');
    await new Promise<void>((done) => (answer = done));
  };
  await renderWith(<List remove={remove} />);
  await userEvent.click(screen.getByRole('button', { name: 'Select' }));
  expect(bar()).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'All' }));
  expect(within(bar()!).getByRole('status')).toHaveTextContent('3 selected');
  await userEvent.click(within(bar()!).getByRole('button', { name: 'Delete' }));
  const question = screen.getByRole('alertdialog', { name: 'Delete the 2 selected?' });
  expect(question).toHaveTextContent('They are gone. One stands in the configuration files and stays.');
  await userEvent.click(within(question).getByRole('button', { name: 'Delete' }));
  expect(asked).toEqual(['a']);
  expect(within(bar()!).getByRole('status')).toHaveTextContent('0 of 2');
  expect(within(bar()!).getByRole('button', { name: 'Area' })).toBeDisabled();

  await act(async () => answer());
  const refused = await screen.findByRole('alertdialog', { name: 'One was refused' });
  expect(refused).toHaveTextContent('PumpIt is needed');
  expect(asked).toEqual(['a', 'b']);
  expect(ok).toHaveBeenCalledWith('One was deleted');
  expect(bar()).toBeNull();
  await userEvent.click(within(refused).getAllByRole('button', { name: 'Close' }).at(-1)!);
  expect(screen.getByRole('button', { name: 'End selection' })).toBeVisible();
});

it('those that are to be disabled are asked for first', async () => {
  const onChange = vi.fn();
  await renderWith(<List remove={async () => undefined} onChange={onChange} />);
  await userEvent.click(screen.getByRole('button', { name: 'Select' }));
  await userEvent.click(screen.getByRole('button', { name: 'All' }));
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Disable' }));
  const question = screen.getByRole('alertdialog', { name: 'Disable the 3 selected?' });
  expect(question).toHaveTextContent('They sleep.');
  expect(onChange).not.toHaveBeenCalled();
  await userEvent.click(within(question).getByRole('button', { name: 'Disable' }));
  expect(onChange).toHaveBeenCalledWith({ kind: 'enable', enabled: false });
});
