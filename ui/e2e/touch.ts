import type { Page } from '@playwright/test';

type Point = readonly [number, number];

export interface Finger {
  tap: (at: Point) => Promise<void>;
  drag: (from: Point, to: Point) => Promise<void>;
}

/** A finger on the page; its context must have touch. */
export async function finger(page: Page): Promise<Finger> {
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: Point) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
  return {
    async tap(at) {
      await touch('touchStart', at);
      await touch('touchEnd');
    },
    async drag(from, to) {
      await touch('touchStart', from);
      for (let part = 1; part <= 10; part += 1) await touch('touchMove', [from[0] + ((to[0] - from[0]) * part) / 10, from[1] + ((to[1] - from[1]) * part) / 10]);
      await touch('touchEnd');
    },
  };
}
