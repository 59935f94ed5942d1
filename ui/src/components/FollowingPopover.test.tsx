import { useState } from 'react';
import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { renderWith } from '@/test/session';
import { ComboBox } from './fields';

const options = [
  { value: 'a', label: 'Kitchen' },
  { value: 'b', label: 'Hall' },
];

function Page({ onChange, custom = false }: { onChange: (value: string) => void; custom?: boolean }) {
  const [value, setValue] = useState<string | null>('a');
  return (
    <div data-testid="page">
      <ComboBox
        label="Area"
        options={options}
        custom={custom}
        value={value}
        onChange={(next) => {
          setValue(next);
          onChange(next);
        }}
      />
    </div>
  );
}

describe('the list of a field in which one types', () => {
  it.each([['of known words', false], ['of any words', true]])('stays with what was typed while the page scrolls: a field %s', async (_name, custom) => {
    const changed = vi.fn();
    await renderWith(<Page onChange={changed} custom={custom} />);
    const field = screen.getByRole('combobox', { name: 'Area' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Ha');
    expect(await screen.findByRole('option', { name: 'Hall' })).toBeInTheDocument();
    fireEvent.scroll(screen.getByTestId('page'));
    fireEvent.scroll(document);
    expect(field).toHaveValue('Ha');
    expect(changed).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('option', { name: 'Hall' }));
    expect(changed).toHaveBeenCalledExactlyOnceWith('b');
    expect(field).toHaveValue('Hall');
  });

  it('gives back with Escape what stood in the field, and closes', async () => {
    const changed = vi.fn();
    await renderWith(<Page onChange={changed} />);
    const field = screen.getByRole('combobox', { name: 'Area' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Ha');
    fireEvent.scroll(document);
    await userEvent.keyboard('{Escape}');
    expect(field).toHaveValue('Kitchen');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
    expect(changed.mock.calls.filter(([value]) => value !== 'a')).toEqual([]);
  });
});
