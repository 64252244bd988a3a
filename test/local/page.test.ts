import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderMarkdown } from '../../provision/local/page/markdown.ts';
import { overviewPage, renderSections } from '../../provision/local/page/overview.ts';
import { type StartPage, serveStartPage } from '../../provision/local/page/server.ts';
import { localPaths } from '../../provision/local/paths.ts';
import type { LocalStatus } from '../../provision/local/status/types.ts';
import { verdict } from '../../provision/local/status/verdict.ts';
import { firing, now, part, well } from './status-fixture.ts';
import { type Asked, stubPlatform } from './stub-platform.ts';
import { freePort, temporaryDirectory } from './support.ts';

const token = 'the-token';
const directory = temporaryDirectory();
const paths = localPaths(directory.path);
const asked: Asked[] = [];
let port: number;
let page: StartPage;

beforeAll(async () => {
  port = await freePort();
  mkdirSync(paths.config('runbooks'), { recursive: true });
  writeFileSync(
    join(paths.config('runbooks'), 'BackupMissed.md'),
    '# BackupMissed\n\nA run is <missing>.\n\n## What to do\n\n1. Read `the log`.\n',
  );
  page = await serveStartPage(
    stubPlatform(directory.path, port, () => now, asked, { groups: [] }),
    token,
  );
});

afterAll(async () => {
  await page.close();
  directory[Symbol.dispose]();
});

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask(path: string, { method = 'GET', headers = {}, body }: Call = {}) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; text: string }>(
    (resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += String(data);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      call.on('error', reject);
      call.end(body);
    },
  );
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const silence = (fields: Readonly<Record<string, string>>) =>
  new URLSearchParams({ matchers: 'alertname=BackupMissed', why: 'test', who: 'me', for: '1h', ...fields }).toString();

test.each(['127.0.0.1', 'localhost', 'localhost:8080', '[::1]:1'])('the page answers to the name %s', async (host) => {
  expect((await ask('/', { headers: { host } })).status).toBe(200);
});

test.each(['attacker.example', '127.0.0.1.attacker.example', 'localhost.attacker.example:19300'])(
  'a name that was made to point here is refused: %s',
  async (host) => {
    for (const path of ['/', '/api/status', '/events', '/logs'])
      expect((await ask(path, { headers: { host } })).status).toBe(421);
  },
);

test('what changes something needs the token, and an origin that is ours or none', async () => {
  const host = `127.0.0.1:${port}`;
  const post = (headers: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>>) =>
    ask('/silences', { method: 'POST', headers: { host, ...form, ...headers }, body: silence(fields) });
  expect((await post({}, {})).status).toBe(403);
  expect((await post({}, { token: 'wrong' })).status).toBe(403);
  expect((await post({ origin: 'http://attacker.example' }, { token })).status).toBe(403);
  expect((await post({ origin: 'null' }, { token })).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'cross-site' }, { token })).status).toBe(403);
  expect(asked.filter(({ init }) => init?.method === 'POST')).toEqual([]);
  expect((await post({ origin: `http://${host}` }, { token })).status).toBe(303);
  expect((await post({}, { token })).status).toBe(303);
  expect(asked.filter(({ init }) => init?.method === 'POST')).toHaveLength(2);
});

test.each([
  ['POST', '/parts/prometheus/restart'],
  ['POST', '/incidents/backup-missed'],
  ['POST', '/silences/1/expire'],
  ['POST', '/api/incidents/backup-missed'],
  ['DELETE', '/api/incidents'],
  ['POST', '/api/silences'],
  ['DELETE', '/api/silences/1'],
])('%s %s is refused without the token', async (method, path) => {
  const { status } = await ask(path, { method, headers: { authorization: 'Bearer wrong' } });
  expect(status).toBe(403);
});

test('pages may load nothing from elsewhere, stand in no frame and are not kept', async () => {
  const { headers } = await ask('/');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['cache-control']).toBe('no-store');
});

test('a silence that is posted reaches Alertmanager as it was filled in', async () => {
  asked.length = 0;
  const body = silence({ token, matchers: 'alertname="BackupMissed"\nclaim=~"shop-.*"\n' });
  await ask('/silences', { method: 'POST', headers: form, body });
  const { path, init } = asked.find((one) => one.init?.method === 'POST')!;
  expect(path).toBe('/api/v2/silences');
  expect(JSON.parse(String(init?.body))).toEqual({
    matchers: [
      { name: 'alertname', value: 'BackupMissed', isRegex: false, isEqual: true },
      { name: 'claim', value: 'shop-.*', isRegex: true, isEqual: true },
    ],
    createdBy: 'me',
    comment: 'test',
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 3_600_000).toISOString(),
  });
});

test.each([{ matchers: '' }, { matchers: 'nonsense' }, { why: ' ' }, { for: 'ever' }])(
  'a silence without sense is refused with the reason: %o',
  async (fields) => {
    asked.length = 0;
    const answer = await ask('/silences', { method: 'POST', headers: form, body: silence({ token, ...fields }) });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/is no matcher|needs at least one matcher/);
    expect(asked).toEqual([]);
  },
);

test("the message's link fills the form, whatever stands in it", async () => {
  const { text } = await ask(
    `/silences/new?alertname=BackupMissed&backup=${encodeURIComponent('a"b</textarea><script>')}`,
  );
  expect(text).toContain(
    'alertname=&quot;BackupMissed&quot;\nbackup=&quot;a\\&quot;b&lt;/textarea&gt;&lt;script&gt;&quot;</textarea>',
  );
});

test('a runbook is a page, its text is text, and an unknown one is not found', async () => {
  const { text } = await ask('/runbooks/BackupMissed');
  expect(text).toContain('<h1>BackupMissed</h1>');
  expect(text).toContain('<p>A run is &lt;missing&gt;.</p>');
  expect(text).toContain('<ol><li>Read <code>the log</code>.</li></ol>');
  expect((await ask('/runbooks')).text).toContain('A run is &lt;missing&gt;.');
  for (const path of [
    '/runbooks/Nothing',
    '/runbooks/..%2f..%2fexporter%2fexporter',
    '/logs/nothing',
    '/logs/..%2f..%2frun',
  ])
    expect((await ask(path)).status).toBe(404);
});

test('an open page is sent every section once, then only what changed', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/events`);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while ((text.match(/event: head/g)?.length ?? 0) < 3) text += (await reader.read()).value ?? '';
  await reader.cancel();
  const count = (id: string) => text.split(`data: {"id":"${id}",`).length - 1;
  expect(['verdict', 'alerts', 'backups', 'volumes', 'addresses'].map(count)).toEqual([1, 1, 1, 1, 1]);
  expect(text).toContain('"title":"Lookout local"');
});

const render = (changes: Partial<LocalStatus>) => {
  const status = { ...well, ...changes };
  return overviewPage({ ...status, verdict: verdict(status) }, token);
};

test('the overview begins with the verdict and the proof of the alert path', () => {
  const text = render({});
  expect(text).toContain('All is well: 1 backup is on time');
  expect(text).toMatch(/Alert path proven <time [^>]*>4 s ago<\/time>/);
  expect(text).not.toContain('Watchdog');
  expect(text).not.toContain('class="banner" role="alert"');
});

test('a missing proof of the alert path is a banner', () => {
  const text = render({ alertPath: { state: 'missing', reason: 'Watchdog has not come' } });
  expect(text).toContain('Alerts do not get through.');
  expect(text).toContain('Watchdog has not come');
});

test('a pending alert counts towards its hold, a firing one tells for how long', () => {
  const text = render({ alerts: [firing, { ...firing, state: 'pending', activeAt: now - 12_000 }] });
  expect(text).toMatch(/firing for <time [^>]*>30 s<\/time>/);
  expect(text).toMatch(/fires after <time [^>]*>12 of 20 s<\/time>/);
  expect(text).toContain('href="/silences/new?alertname=BackupMissed&amp;backup=shop&amp;namespace=demo"');
});

test('a silenced alert says so and does not count in the title', () => {
  const text = render({ alerts: [{ ...firing, silencedBy: ['1'] }] });
  expect(text).toContain('<span>silenced</span>');
  expect(text).toContain('<title>Lookout local</title>');
  expect(render({ alerts: [firing] })).toContain('<title>(1) Lookout local</title>');
});

test('the reason stands beside a part that is not well, and a restart stays visible', () => {
  const reason = 'exit 1: opening storage failed: lock DB directory';
  const text = render({
    parts: [
      part('prometheus', { phase: 'restarting', state: 'restarting (2nd, exit 1, in 4 s)', reason, pid: null }),
      part('alertmanager', { restarts: 1, lastExit: { at: now - 5000, reason: 'SIGKILL' } }),
    ],
  });
  expect(text).toContain('restarting (2nd, exit 1, in 4 s)');
  expect(text).toContain(reason);
  expect(text).toMatch(/restarted <time [^>]*>5 s ago<\/time>, once: SIGKILL/);
});

test('texts of others are text, and their addresses lead to the web or nowhere', () => {
  const text = render({
    alerts: [{ ...firing, summary: '<img src=x>', runbook: 'javascript:alert(1)' }],
    silences: [
      { id: '1', matchers: ['a="<b>"'], who: '<i>', why: '&', from: now, until: now, state: 'active', hides: 0 },
    ],
  });
  expect(text).not.toMatch(/<img|<b>|<i>|javascript:/);
  expect(text).toContain('&lt;img src=x&gt;');
});

test('time alone changes no section', () => {
  const status = { ...well, alerts: [firing], verdict: verdict(well) };
  const prints = (moment: number) =>
    renderSections({ ...status, now: moment }, token).map(({ fingerprint }) => fingerprint);
  expect(prints(now + 9000)).toEqual(prints(now));
});

test('Markdown of runbooks: code blocks, quotes and lists; nothing in it becomes markup', () => {
  const text = renderMarkdown('> Not in force: <x>.\n\n- one\n- `two`\n\n```promql\nup == 0\n\n< 1\n```\n').markup;
  expect(text).toBe(
    '<blockquote>Not in force: &lt;x&gt;.</blockquote><ul><li>one</li><li><code>two</code></li></ul><pre><code>up == 0\n\n&lt; 1</code></pre>',
  );
});
