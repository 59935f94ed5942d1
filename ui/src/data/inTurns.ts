/** Doing one thing to many: several at a time, to the end, whatever is refused. */

import { asApiError } from './session';

export interface Refusal<Item> {
  item: Item;
  /** The server's words. */
  message: string;
}

/** On their way at once: enough for the network, few enough for the server. */
const AT_ONCE = 16;

/** Gives the refusals; `tell` hears how many are through. */
export async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>, tell: (done: number) => void = () => undefined, atOnce = AT_ONCE): Promise<Refusal<Item>[]> {
  const refused: Refusal<Item>[] = [];
  const left = items.values();
  let done = 0;
  const one = async () => {
    for (const item of left) {
      try {
        await work(item);
      } catch (error) {
        refused.push({ item, message: asApiError(error).message });
      }
      done += 1;
      tell(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, one));
  return refused;
}
