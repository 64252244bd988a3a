import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartPage, serveStartPage } from '../../provision/local/page/server.ts';
import { findProgram } from '../../provision/local/supervisor/guard.ts';
import { type Asked, stubPlatform, type World } from './stub-platform.ts';
import { freePort, temporaryDirectory, until } from './support.ts';

const executablePath = findProgram('chromium', process.env['PATH']);
const directory = temporaryDirectory();
const world: World = { groups: [] };
const asked: Asked[] = [];
const complaints: string[] = [];
let server: StartPage;
let browser: Browser;
let page: Page;
let address: string;

beforeAll(async () => {
  if (executablePath === undefined)
    throw new Error('chromium not found on the PATH: node setup.mjs --test installs it');
  const port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  server = await serveStartPage(stubPlatform(directory.path, port, Date.now, asked, world), 'the-token');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  page = await browser.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  directory[Symbol.dispose]();
});

/** One rule with one alert, active since `seconds` ago. */
function alerting(state: 'pending' | 'firing', seconds: number) {
  const alert = {
    state,
    activeAt: new Date(Date.now() - seconds * 1000).toISOString(),
    labels: { alertname: 'BackupMissed', backup: 'shop-database', severity: 'critical' },
    annotations: { summary: 'backup shop-database missed', detail: '' },
  };
  return [{ rules: [{ name: 'BackupMissed', duration: 20, alerts: [alert] }] }];
}

const text = async (selector: string) => (await page.textContent(selector))?.replaceAll(/\s+/g, ' ').trim() ?? '';

test('an open page follows the stack by itself, counts down, and keeps what is unfolded and focused', async () => {
  await page.goto(address);
  expect(await text('#alerts')).toContain('Nothing fires');
  await page.click('#credentials summary');
  await page.focus('#silences a');
  world.groups = alerting('pending', 5);
  await until('the pending alert', async () => /fires after [5-9] of 20 s/.test(await text('#alerts')));
  const before = await text('#alerts time');
  await until('the count to go on', async () => (await text('#alerts time')) !== before);
  world.groups = alerting('firing', 30);
  await until('the tab to tell', async () => (await page.title()) === '(1) Lookout local');
  expect(await page.getAttribute('#icon', 'href')).not.toContain('good');
  expect(await page.locator('#credentials').getAttribute('open')).not.toBeNull();
  expect(await page.evaluate('document.activeElement.textContent')).toBe('new');
  expect(complaints).toEqual([]);
});

test('from an alert on the page two clicks and a reason lead to its silence', async () => {
  world.groups = alerting('firing', 30);
  await page.goto(address);
  await page.locator('#alerts').getByRole('link', { name: 'Silence' }).click();
  expect(await page.inputValue('textarea')).toBe('alertname="BackupMissed"\nbackup="shop-database"');
  expect(await page.inputValue('[name=who]')).toBe('me');
  await page.fill('[name=why]', 'moving the disk');
  asked.length = 0;
  await page.getByRole('button', { name: 'Silence' }).click();
  await page.waitForURL(`${address}#silences`);
  const made = asked.find(({ init }) => init?.method === 'POST');
  expect(JSON.parse(String(made?.init?.body))).toMatchObject({ createdBy: 'me', comment: 'moving the disk' });
  expect(complaints).toEqual([]);
});

test('light and dark, wide and narrow, no page is wider than its window', async () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [390, 1400])
      for (const path of ['', 'silences/new', 'logs']) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.goto(address + path);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
});

test('the page is complete without its script', async () => {
  world.groups = alerting('firing', 30);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(address);
  expect(await plain.textContent('#alerts')).toContain('backup shop-database missed');
  await context.close();
});

test('when Lookout is gone the page says so instead of showing old news as new', async () => {
  await page.goto(address);
  await until('the events to flow', async () => !(await page.isVisible('#offline')));
  await server.close();
  await until('the banner', () => page.isVisible('#offline'));
  expect(await text('#offline')).toContain('Lookout does not answer.');
});
