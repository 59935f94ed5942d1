import { useState } from 'react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { renderWith } from '@/test/session';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ComboBox } from './fields';

const options = [
  { value: 'a', label: 'Kitchen' },
  { value: 'b', label: 'Hall' },
];

function Page({ onClose }: { onClose: () => void }) {
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState<string | null>(null);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Open</Button>
      <Dialog
        open={open}
        onClose={() => {
          setOpen(false);
          onClose();
        }}
        title="Choose an area"
        footer={<Button onPress={() => undefined}>{`Chosen: ${value}`}</Button>}
      >
        <ComboBox label="Area" options={options} value={value} onChange={setValue} autoFocus />
      </Dialog>
    </>
  );
}

describe('a dialog that begins in a combo box', () => {
  it('stays open while something is chosen with the mouse', async () => {
    const closed = vi.fn();
    await renderWith(<Page onClose={closed} />);
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(screen.getByRole('combobox', { name: 'Area' })).toHaveFocus();
    await userEvent.click(await screen.findByRole('option', { name: 'Hall' }));
    expect(closed).not.toHaveBeenCalled();
    expect(screen.getByText('Chosen: b')).toBeInTheDocument();
  });

  it('closes the list first with Escape, then itself', async () => {
    const closed = vi.fn();
    await renderWith(<Page onClose={closed} />);
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    await userEvent.keyboard('hal');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByText('Chosen: b')).toBeInTheDocument();
    expect(closed).not.toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    expect(closed).toHaveBeenCalled();
  });
});
