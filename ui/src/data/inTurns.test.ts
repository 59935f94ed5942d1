import { expect, it } from 'vitest';
import { inTurns } from './inTurns';

it('work on many goes on after a refusal, no more at once than wanted, and says which were refused', async () => {
  const seen: number[] = [];
  let now = 0;
  let most = 0;
  const work = async (id: string) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    if (id === 'b') throw new Error('no');
  };
  const refused = await inTurns(['a', 'b', 'c', 'd'], work, (done) => seen.push(done), 2);
  expect(refused).toEqual([{ item: 'b', message: 'no' }]);
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(most).toBe(2);
});
