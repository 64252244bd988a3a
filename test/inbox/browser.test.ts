import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox, type TestInbox } from './inbox.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Asked from outside: the page's policy forbids what `page.waitForFunction` evaluates in it. */
const patience = { timeout: 20_000 };

describe('the inbox in a browser', () => {
  let browser: Browser;
  let inbox: TestInbox;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    inbox = await startInbox();
    page = await browser.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await inbox.close();
  });

  test('shows a message the moment it arrives and counts what is unread in the tab', async () => {
    await page.goto(inbox.url);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('No message yet').waitFor();
    await inbox.mail({ subject: 'CRITICAL | first | local', text: 'x' });
    await inbox.mail({ subject: 'CRITICAL | second | local', text: 'x' });
    await expect.poll(() => page.title(), patience).toBe('(2) Inbox');
    await page.getByRole('link', { name: 'second' }).click();
    await expect.poll(() => page.title(), patience).toMatch(/^\(1\) CRITICAL \| second/);
    expect(await page.locator('.unread').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('runs nothing of a mail, loads nothing, and fits its height', async () => {
    let calls = 0;
    const outside = createServer(() => (calls += 1)).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const { port } = outside.address() as AddressInfo;
    const tracker = `http://127.0.0.1:${port}`;
    const script = '<script>parent.document.title = "owned"; document.body.textContent = "owned"</script>';
    const image = `<img src="${tracker}/x.png" onerror="parent.document.title='owned'">`;
    const loads = `<link rel="stylesheet" href="${tracker}/x.css"><meta http-equiv="refresh" content="0;url=${tracker}/">`;
    await inbox.mail({ subject: 'hostile', html: `<p style="height:900px">harmless</p>${script}${image}${loads}` });
    const [message] = await inbox.list();
    await page.goto(`${inbox.url}/messages/${message!.id}`);
    await page.frameLocator('iframe').getByText('harmless').waitFor();
    await expect.poll(async () => (await page.locator('iframe').boundingBox())?.height, patience).toBeGreaterThan(900);
    expect(await page.frameLocator('iframe').getByText('harmless').count()).toBe(1);
    expect(await page.title()).toContain('hostile');
    expect(calls).toBe(0);
    outside.close();
  });

  test('deletes everything when asked to, and only then', async () => {
    await inbox.mail({ subject: 'kept', text: 'x' });
    await page.goto(inbox.url);
    page.once('dialog', (dialog) => dialog.dismiss());
    await page.getByRole('button', { name: 'Delete all' }).click();
    expect(await inbox.list()).toHaveLength(1);
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByText('No message yet').waitFor();
    expect(await inbox.list()).toEqual([]);
  });

  test('shows one pane on a phone, with the way back', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await inbox.mail({ subject: 'narrow', text: 'x' });
    await page.goto(inbox.url);
    await page.getByRole('link', { name: 'narrow' }).click();
    await page.getByRole('heading', { name: 'narrow' }).waitFor();
    expect(await page.getByRole('region', { name: 'Messages' }).isVisible()).toBe(false);
    await page.getByRole('link', { name: 'All messages' }).click();
    await page.getByRole('region', { name: 'Messages' }).waitFor();
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(390);
  });

  test('says when the inbox is gone', async () => {
    await page.goto(inbox.url);
    await page.getByText('live', { exact: true }).waitFor();
    await inbox.close();
    await page.getByText('not connected').waitFor();
  });
});
