/**
 * What every spec uses in place of `@playwright/test`: a page that is logged in, the server's API, accessibility, pictures.
 *
 * A test fails when the page logs an error, breaks, or does what its policy forbids, unless it says `problems.allow(/…/)`.
 */

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page, test as base, type WebSocketRoute } from '@playwright/test';
import { LEAST_SCORE, scoreOf } from './score.ts';

export interface State {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}

/** The server behind the page, spoken to over REST as its owner. */
export class Home {
  constructor(readonly url: string) {}

  async rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${process.env.MARGE_ACCESS_TOKEN}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
  }

  state(entityId: string): Promise<State> {
    return this.rest('GET', `/api/states/${entityId}`);
  }

  /** The state of an entity that may not be there yet, or no more. */
  async find(entityId: string): Promise<State | undefined> {
    return (await this.rest<State[]>('GET', '/api/states')).find((state) => state.entity_id === entityId);
  }

  /** The home's day, whatever the browser's is: `2026-11-21`. `later`: so many days after it. */
  async day(later = 0): Promise<string> {
    const { time_zone: timeZone } = await this.rest<{ time_zone: string }>('GET', '/api/config');
    return new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now() + later * 86_400_000);
  }

  call(domain: string, service: string, data: Record<string, unknown> = {}): Promise<unknown> {
    return this.rest('POST', `/api/services/${domain}/${service}`, data);
  }

  /** Until the entity has this state; null: until it is gone. What has just been made may take a moment to be there. */
  async until(entityId: string, state: string | null): Promise<void> {
    await expect.poll(async () => (await this.find(entityId))?.state ?? null).toBe(state);
  }
}

/** As in `src/app/toasts.ts`. */
const TOASTS_MS = [4000, 5000, 12_000];

export class Problems {
  readonly found: string[] = [];
  /** What the policy refuses is asked for more exactly below. */
  private readonly allowed: RegExp[] = [/Failed to load resource/, /^(Applying inline style|Refused to)/];

  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  async watch(page: Page): Promise<void> {
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // Chromium itself keeps the look of what is typed over in an editor with a style, which is refused and not missed.
        const isTyping = event.violatedDirective === 'style-src-attr' && (event.target as Element | null)?.shadowRoot?.querySelector('.cm-editor');
        // eslint-disable-next-line no-console -- this is how a page speaks to its test
        if (!isTyping) console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`);
      });
    });
    await page.addInitScript((lives: readonly number[]) => {
      // Short messages stay some seconds; a machine that stands still meanwhile would never see them.
      const usual = window.setTimeout.bind(window);
      window.setTimeout = ((act: TimerHandler, ms?: number, ...rest: unknown[]) => usual(act, lives.includes(ms ?? 0) ? 5 * ms! : ms, ...rest)) as typeof window.setTimeout;
    }, TOASTS_MS);
    page.on('pageerror', (error) => this.found.push(`broken: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.found.push(message.text());
    });
  }

  get serious(): string[] {
    return this.found.filter((text) => !this.allowed.some((pattern) => pattern.test(text)));
  }
}

/** No violation that keeps somebody out, and a score as Lighthouse's of 95 at least. `without`: selectors that belong to somebody else. */
export async function expectAccessible(page: Page, ...without: string[]): Promise<void> {
  // What is still fading in has too little contrast.
  // It is brought to its end, not waited for: Chromium lets what is not drawn stand still, for ever.
  await page.evaluate(() => {
    for (const each of document.getAnimations()) if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish();
  });
  // The widgets' library says a button that was busy by its id, for seven seconds: also when it has gone with its dialog.
  let axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).exclude('[data-live-announcer] [role="img"]');
  for (const selector of without) axe = axe.exclude(selector);
  const found = await axe.analyze();
  const words = (each: (typeof found.violations)[number]) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')}`;
  expect(found.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical').map(words)).toEqual([]);
  expect(scoreOf(found), `accessibility, lessened by ${found.violations.map(words).join('; ')}`).toBeGreaterThanOrEqual(LEAST_SCORE);
}

/** A key while something is being dragged; its effect is said aloud, and only then does the page take the next one. */
export async function dragKey(page: Page, key: string): Promise<void> {
  const said = page.locator('[id^="DndLiveRegion"]').first();
  const before = await said.textContent();
  await page.keyboard.press(key);
  await expect(said).not.toHaveText(before ?? '');
}

/** Picks up what has the focus, to be moved with `dragKey`: once the page knows where it is. */
export async function pickUp(page: Page): Promise<void> {
  await page.keyboard.press('Space');
  await expect(page.locator('[id^="DndLiveRegion"]').first()).toHaveText(/, before |^At the |^To /);
}

/** The connection of the page's sockets to the server: `lose` ends them and lets no others through until `restore`. Before the page opens. */
export async function losable(page: Page, problems: Problems): Promise<{ lose: () => Promise<void>; restore: () => void }> {
  problems.allow(/WebSocket connection/);
  let away = false;
  const open: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/api\/websocket$/, (socket) => {
    if (away) return void socket.close();
    open.push(socket);
    socket.connectToServer();
  });
  return {
    lose: async () => {
      away = true;
      for (const socket of open.splice(0)) await socket.close();
      await expect(page.getByText('The connection to Marge is gone')).toBeVisible();
    },
    restore: () => {
      away = false;
    },
  };
}

/** Where pictures go; without it the page is shown in each size all the same, and none is kept. */
const PICTURES = process.env.MARGE_SCREENSHOTS ? resolve(process.env.MARGE_SCREENSHOTS) : null;
const LOOKS = [
  { name: 'desktop-light', colorScheme: 'light', viewport: { width: 1366, height: 900 } },
  { name: 'desktop-dark', colorScheme: 'dark', viewport: { width: 1366, height: 900 } },
  { name: 'phone-light', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

export const test = base.extend<{
  home: Home;
  problems: Problems;
  /** Four pictures of what the page shows now, where MARGE_SCREENSHOTS says: `<name>-desktop-light.png` … */
  picture: (name: string) => Promise<void>;
  /** Another user's or another device's page, with an empty storage. */
  stranger: (browser: Browser) => Promise<Page>;
}>({
  // eslint-disable-next-line no-empty-pattern -- the runner reads the names out of the pattern
  home: async ({}, use, info) => {
    await use(new Home(String(info.project.use.baseURL)));
  },
  problems: [
    async ({ page }, use) => {
      const problems = new Problems();
      await problems.watch(page);
      await use(problems);
      expect(problems.serious).toEqual([]);
    },
    { auto: true },
  ],
  picture: async ({ page }, use) => {
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
    await use(async (name) => {
      const before = page.viewportSize();
      for (const look of LOOKS) {
        await page.setViewportSize(look.viewport);
        await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
        if (!PICTURES) continue;
        await page.waitForTimeout(700); // colours change gently
        await page.screenshot({ path: join(PICTURES, `${name}-${look.name}.png`) });
      }
      await page.emulateMedia({ colorScheme: null, reducedMotion: null });
      if (before) await page.setViewportSize(before);
    });
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  stranger: async ({}, use, info) => {
    const pages: Page[] = [];
    await use(async (browser) => {
      const context = await browser.newContext({ baseURL: String(info.project.use.baseURL), storageState: { cookies: [], origins: [] }, serviceWorkers: 'block' });
      const page = await context.newPage();
      pages.push(page);
      return page;
    });
    for (const page of pages) await page.context().close();
  },
});

export { expect } from '@playwright/test';
