import { Suspense } from 'react';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { late } from './late';

const hello = () => Promise.resolve({ default: ({ name }: { name: string }) => <p>Hello {name}</p> });

test('what is not there yet is awaited', async () => {
  const Hello = late(hello);
  render(<Suspense fallback="one moment"><Hello name="Ann" /></Suspense>);
  expect(screen.getByText('one moment')).toBeVisible();
  expect(await screen.findByText('Hello Ann')).toBeVisible();
});

test('what is there is drawn at once', async () => {
  const Hello = late(hello);
  expect(Hello.isThere()).toBe(false);
  await Hello.load();
  expect(Hello.isThere()).toBe(true);
  render(<Suspense fallback="one moment"><Hello name="Ann" /></Suspense>);
  expect(screen.getByText('Hello Ann')).toBeVisible();
});

test('a file that did not come is asked for again', async () => {
  let tries = 0;
  const Hello = late(() => ((tries += 1) > 1 ? hello() : Promise.reject<never>(new Error('gone'))));
  await expect(Hello.load()).rejects.toThrow('gone');
  render(<Suspense fallback="one moment"><Hello name="Ann" /></Suspense>);
  expect(await screen.findByText('Hello Ann')).toBeVisible();
});
