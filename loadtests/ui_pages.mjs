// Opens pages of the web interface and says how soon they were there; for bench_ui.py, which gives the plan on stdin.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { request as httpRequest, Agent } from 'node:http';

const { chromium } = createRequire(new URL('../ui/package.json', import.meta.url))('@playwright/test');
const plan = JSON.parse(readFileSync(0, 'utf8'));
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage'];
const PATIENCE_MS = 60_000;
const TICKS_A_SECOND = 100;

/** What says that a page is there: so many elements, and a text for the last of what it shows. */
const READY = {
  home: { path: '/', selector: 'main section[aria-label] [data-domain]', text: '' },
  entities: { path: '/entities', selector: '[role=grid] [role=row][data-line]', text: '', search: 'sensor.load_' },
  devices: { path: '/devices', selector: '[role=grid] [role=row][data-line]', text: 'Area ', search: 'Device ' },
  areas: { path: '/areas', selector: 'main li a[href^="/areas/"]', text: '' },
};

/** In the page, before anything of it runs: tells when the elements stood on screen. */
function watch({ selector, text }) {
  const state = (window.__bench = { shown: null, heard: [] });
  const look = () => {
    const found = document.querySelector(selector);
    if (!found || !found.textContent.includes(text)) return false;
    state.mutated = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (state.shown ??= performance.now());
    requestAnimationFrame(() => port2.postMessage(0));
    return true;
  };
  new MutationObserver((_, observer) => look() && observer.disconnect()).observe(document, { childList: true, subtree: true, characterData: true });
}

/** Processor time of a process so far, in ms. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND;
}

/** Memory of a process that is its own, in MB. */
function privateOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const sum = ['Private_Clean', 'Private_Dirty'].reduce((total, name) => total + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)[1]), 0);
  return sum / 1024;
}

async function newContext(browser) {
  const tokens = { ...plan.tokens, expires: Date.now() + plan.tokens.expires_in * 1000 };
  return browser.newContext({
    viewport: { width: 1366, height: 900 },
    locale: 'en-US',
    storageState: { cookies: [], origins: [{ origin: plan.url, localStorage: [{ name: 'marge_tokens', value: JSON.stringify(tokens) }] }] },
  });
}

async function open(context, name) {
  const ready = READY[name];
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(watch, ready);
  const server = cpuOf(plan.server);
  await page.goto(plan.url + ready.path, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.__bench.shown !== null, null, { timeout: PATIENCE_MS, polling: 50 }).catch(async (late) => {
    throw new Error(`${name}: ${late.message}; the page says: ${(await page.locator('body').innerText()).slice(0, 300)}`);
  });
  const { metrics } = await devtools.send('Performance.getMetrics');
  const cpu = metrics.find((each) => each.name === 'TaskDuration').value * 1000;
  const shown = await page.evaluate(() => window.__bench.shown);
  if (problems.length) throw new Error(`${name}: ${problems[0]}`);
  return { page, devtools, figures: { shown_ms: shown, cpu_ms: cpu, server_ms: cpuOf(plan.server) - server } };
}

/** From the last key of a search for one of them until it alone stands there. */
async function searched(page, name) {
  const wanted = `${READY[name].search}${plan[name] - 1}`;
  const field = page.getByRole('searchbox').first();
  await field.fill(wanted.slice(0, -1));
  await page.waitForTimeout(400);
  await page.evaluate((text) => {
    const began = new Promise((done) => addEventListener('input', () => done(performance.now()), { capture: true, once: true }));
    window.__search = began.then(
      (at) => new Promise((done) => {
        const look = () => {
          const rows = document.querySelectorAll('[role=grid] [role=row][data-line]');
          if (rows.length === 1 && rows[0].textContent.includes(text)) done(performance.now() - at);
          else requestAnimationFrame(look);
        };
        look();
      }),
    );
  }, wanted);
  await field.press('End');
  await field.press(wanted.at(-1));
  const took = await page.evaluate(() => window.__search);
  await field.fill('');
  return took;
}

/** The tab's process: the one that holds most. */
async function memory(browser, devtools) {
  const whole = await browser.newBrowserCDPSession();
  const pids = (await whole.send('SystemInfo.getProcessInfo')).processInfo.filter((each) => each.type === 'renderer').map((each) => each.id);
  const before = Math.max(...pids.map(privateOf));
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return { memory_mb: before, settled_mb: Math.max(...pids.map(privateOf)), heap_mb: usedSize / 1024 / 1024 };
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
function post(path, body) {
  return new Promise((done, failed) => {
    const asked = httpRequest(plan.url + path, { method: 'POST', agent, headers: { Authorization: `Bearer ${plan.token}`, 'Content-Type': 'application/json' } }, (reply) => {
      reply.resume();
      reply.on('end', () => (reply.statusCode < 300 ? done() : failed(new Error(`${path}: ${reply.statusCode}`))));
    });
    asked.on('error', failed);
    asked.end(JSON.stringify(body));
  });
}

/** From the server's stamp of a change until the page has painted it, while so many other states change a second. */
async function changes(page, count, others) {
  const id = `sensor.load_${plan.entities - 1}`; // no other id begins so
  await page.getByRole('searchbox').first().fill(id);
  await page.waitForFunction((wanted) => document.querySelector('[role=grid] [data-line]')?.textContent.includes(wanted), id);
  let number = 0;
  const noise = others && setInterval(() => {
    for (let each = 0; each < others / 20; each += 1) {
      number += 1;
      post(`/api/states/light.load_${4 * (number % 2000) + 400}`, { state: 'on', attributes: { friendly_name: `Load ${4 * (number % 2000) + 400}`, brightness: number % 255 } }).catch(() => undefined);
    }
  }, 50);
  const found = [];
  for (let each = 0; each < count; each += 1) {
    const value = `${1000 + each + others * 10}`;
    const seen = page.evaluate(
      (wanted) => new Promise((done) => {
        const observer = new MutationObserver(() => {
          const row = document.querySelector('[role=grid] [data-line]');
          if (!row?.textContent.replace(/[^0-9]/g, '').includes(wanted)) return;
          observer.disconnect();
          const changed = Date.now();
          const { port1, port2 } = new MessageChannel(); // a task of its own runs when the frame has been painted
          port1.onmessage = () => done({ changed, painted: Date.now() });
          port2.postMessage(0);
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        window.__armed = true;
      }),
      value,
    );
    await page.waitForFunction(() => window.__armed);
    await page.evaluate(() => (window.__armed = false));
    await new Promise((done) => setTimeout(done, 20 + 7 * (each % 10)));
    await post(`/api/states/${id}`, { state: value, attributes: { friendly_name: 'Bench', unit_of_measurement: 'W' } });
    const { painted } = await Promise.race([seen, new Promise((_, late) => setTimeout(() => late(new Error(`${id} never showed ${value}`)), PATIENCE_MS))]);
    const state = await (await fetch(`${plan.url}/api/states/${id}`, { headers: { Authorization: `Bearer ${plan.token}` } })).json();
    found.push(painted - Date.parse(state.last_updated));
  }
  if (noise) clearInterval(noise);
  found.sort((a, b) => a - b);
  return { p50_ms: found[Math.floor(found.length / 2)], p95_ms: found[Math.floor(found.length * 0.95)], most_ms: found.at(-1) };
}

const all = {};
const note = (name, kind, figures) => {
  for (const [key, value] of Object.entries(figures)) (((all[name] ??= {})[kind] ??= {})[key] ??= []).push(value);
};
for (let round = 0; round < plan.rounds; round += 1) {
  for (const name of plan.pages) {
    const browser = await chromium.launch({ executablePath: plan.chromium, args: ARGS });
    const context = await newContext(browser);
    for (const kind of ['cold', 'warm']) {
      const { page, devtools, figures } = await open(context, name);
      if (kind === 'warm' && plan[name] && READY[name].search) figures.search_ms = await searched(page, name);
      if (kind === 'warm') Object.assign(figures, await memory(browser, devtools));
      note(name, kind, figures);
      if (kind === 'warm' && name === 'entities' && plan.changes && round === 0) {
        all.change = { quiet: await changes(page, plan.changes, 0), busy: await changes(page, plan.changes, 200) };
      }
      if (kind === 'cold') await page.waitForTimeout(1500); // what is loaded for later, the service worker
      await page.close();
    }
    await browser.close();
  }
}
agent.destroy();
process.stdout.write(JSON.stringify(all));
