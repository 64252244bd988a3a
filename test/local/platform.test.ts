import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLock } from '../../provision/local/supervisor/lock.ts';
import { processStat } from '../../provision/local/supervisor/process.ts';
import { command, credential, type Lookout, status, up, writeEnvironment } from './lookout.ts';
import { processesOf, temporaryDirectory, until } from './support.ts';

const smtpPassword = `canary-${Math.random().toString(36).slice(2)}`;
const env = { WATCH_SMTP_PASSWORD: smtpPassword };
const directory = temporaryDirectory();
const folder = writeEnvironment(directory.path);
const state = join(directory.path, 'state');
const arguments_ = ['--env', folder, '--state', state];
let stack: Lookout;

beforeAll(async () => {
  stack = await up(arguments_, env);
});

afterAll(async () => {
  stack.child.kill('SIGTERM');
  await stack.ended;
  directory[Symbol.dispose]();
});

const run = () => readLock(join(state, 'run', 'lock.json'))?.run ?? '';
const partOf = async (name: string) => (await status(state)).parts.find((part) => part.name === name);

function basic(user: string, password: string) {
  return { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } };
}

async function count(metric: string): Promise<number> {
  const address = (await partOf('prometheus'))?.address ?? '';
  const answer = await fetch(
    `${address}api/v1/query?query=${encodeURIComponent(`sum(count_over_time(${metric}[1h]))`)}`,
    basic('lookout', credential(state, 'prometheus-password')),
  );
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

test('it tells when each part was ready, where the page is, where the data lies and how to stop', () => {
  const text = stack.output();
  for (const part of ['Exporter', 'Alertmanager', 'Prometheus'])
    expect(text).toMatch(new RegExp(`✓ ${part} +\\d+\\.\\d s`));
  expect(text).toMatch(/watch is up after \d+\.\d s: \d of \d targets answer\./);
  expect(text).toMatch(/Start page +http:\/\/127\.0\.0\.1:\d+\//);
  expect(text).toContain(state);
  expect(text).toContain('Ctrl-C');
  expect(text).not.toContain('\u001b[');
});

test('status tells name, state, address and pid of each part, and the credential files, and is content', async () => {
  const { code } = await command(['status', '--state', state]);
  expect(code).toBe(0);
  const { parts, credentials, healthy } = await status(state);
  expect(healthy).toBe(true);
  expect(parts.map(({ name, state: phase }) => [name, phase])).toEqual([
    ['exporter', 'healthy'],
    ['alertmanager', 'healthy'],
    ['prometheus', 'healthy'],
  ]);
  for (const { pid, address } of parts) {
    expect(processStat(pid!)).toBeDefined();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  }
  expect(credentials).toContainEqual({ name: 'smtp-password', place: 'environment variable WATCH_SMTP_PASSWORD' });
  const files = credentials.filter(({ place }) => place.startsWith('/'));
  expect(files).toHaveLength(3);
  for (const { place } of files) expect(statSync(place).mode & 0o777).toBe(0o600);
});

test('Prometheus and Alertmanager answer with the generated credentials only', async () => {
  for (const [part, secret, path] of [
    ['prometheus', 'prometheus-password', 'api/v1/status/buildinfo'],
    ['alertmanager', 'alertmanager-password', 'api/v2/status'],
  ] as const) {
    const address = `${(await partOf(part))?.address}${path}`;
    expect((await fetch(address)).status).toBe(401);
    expect((await fetch(address, basic('admin', 'admin'))).status).toBe(401);
    expect((await fetch(address, basic('lookout', credential(state, secret)))).status).toBe(200);
  }
});

test('a second start on the same state says who runs, and exits with 1', async () => {
  const { code, output } = await command(['up', ...arguments_], env);
  expect(code).toBe(1);
  const { page, pid } = await status(state);
  expect(output).toMatch(new RegExp(`^watch is up already: pid ${pid}, ${page}, since \\d{4}-`));
  expect((await status(state)).healthy).toBe(true);
});

test.each(['prometheus', 'alertmanager', 'exporter'])(
  '%s that is killed comes back, and the restart stays visible',
  async (name) => {
    const before = await partOf(name);
    const samples = name === 'prometheus' ? await count('up') : 0;
    process.kill(before!.pid!, 'SIGKILL');
    await until(`${name} to be back`, async () => {
      const now = await partOf(name);
      return now?.state === 'healthy' && now.pid !== before!.pid;
    });
    expect((await partOf(name))?.restarts).toBe(1);
    if (name === 'prometheus') expect(await count('up')).toBeGreaterThanOrEqual(samples);
    const page = await (await fetch((await status(state)).page)).text();
    expect(page).toContain('once: SIGKILL');
  },
);

test('logs of one part and of all can be read, and what is missing is named', async () => {
  const one = await command(['logs', 'prometheus', '--state', state, '-n', '500']);
  expect(one.output).toMatch(/Z Server is ready to receive web requests/);
  const all = await command(['logs', '--state', state, '-n', '500']);
  expect(all.output).toMatch(/ alertmanager +.*Listening/);
  expect(await command(['logs', 'nobody', '--state', state])).toMatchObject({ code: 1 });
  for (const file of readdirSync(join(state, 'logs')))
    expect(statSync(join(state, 'logs', file)).mode & 0o777).toBe(0o600);
});

test('a silence is made, listed and ended on the command line', async () => {
  const options = ['--state', state];
  const made = await command(['silence', ...options, '-m', 'alertname=TargetDown', '--why', 'a test', '--for', '10m']);
  const [id = ''] = made.output.split(' ');
  const listed = await command(['silence', ...options]);
  expect(listed.output).toMatch(new RegExp(`^${id}  alertname="TargetDown"  ends in (9 min|10 min).*: a test\n$`));
  await command(['silence', ...options, '--end', id]);
  expect((await command(['silence', ...options])).output).toBe('Nothing is silenced.\n');
  expect((await command(['silence', ...options, '-m', 'alertname=TargetDown'])).output).toContain('needs a reason');
});

test('credentials are shown as places, and as values only when revealed', async () => {
  const shown = await command(['credentials', 'show', folder, '--state', state], env);
  expect(shown.output).toContain(`scrape-token\t${join(state, 'credentials', 'scrape-token')}\n`);
  const value = credential(state, 'scrape-token');
  expect(shown.output).not.toContain(value);
  const named = await command(['credentials', 'show', folder, 'scrape-token', '--state', state], env);
  expect(named.output).not.toContain(value);
  const revealed = await command(['credentials', 'show', folder, 'scrape-token', '--state', state, '--reveal'], env);
  expect(revealed.output).toBe(`scrape-token\t${value}\n`);
});

test('no secret is in any byte that is printed, served, logged or handed to a process, outside its own file', async () => {
  const names = readdirSync(join(state, 'credentials'));
  const values = [smtpPassword, ...names.map((name) => credential(state, name))];
  const needles = values.flatMap((value) => [value, Buffer.from(`lookout:${value}`).toString('base64')]);
  const { page, parts } = await status(state);
  const places: [string, string][] = [['output', stack.output()]];
  for (const path of ['', 'api/status', 'logs', 'logs/prometheus', 'runbooks', 'runbooks/TargetDown', 'silences/new'])
    places.push([path, await (await fetch(page + path)).text()]);
  for (const pid of [...parts.map((part) => part.pid!), stack.child.pid!])
    places.push([`arguments of ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1')]);
  for (const { name, pid } of parts)
    places.push([`environment of ${name}`, readFileSync(`/proc/${pid}/environ`, 'latin1')]);
  for (const file of readdirSync(state, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile() && !file.parentPath.endsWith('/credentials')) places.push([path, readFileSync(path, 'latin1')]);
  }
  expect(places.length).toBeGreaterThan(20);
  expect(places.filter(([, text]) => needles.some((needle) => text.includes(needle))).map(([place]) => place)).toEqual(
    [],
  );
  const kept = readdirSync(state, { recursive: true, withFileTypes: true }).filter(({ parentPath }) =>
    parentPath.endsWith('/credentials'),
  );
  const texts = kept.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  for (const value of values) expect(texts.some((text) => text.includes(value))).toBe(true);
  for (const { parentPath, name } of kept) expect(statSync(join(parentPath, name)).mode & 0o777).toBe(0o600);
});

test('after SIGKILL the next start ends what was left, says so, and still has the data and the ports', async () => {
  const before = await status(state);
  const samples = await count('up');
  const frozen = before.parts.find(({ name }) => name === 'prometheus')?.pid ?? 0;
  process.kill(frozen, 'SIGSTOP');
  const lost = run();
  stack.child.kill('SIGKILL');
  await stack.ended;
  expect(processesOf(lost)).toContain(frozen);
  expect((await command(['status', '--state', state, '--json'])).code).toBe(1);
  stack = await up(arguments_, env);
  expect(stack.output()).toContain(`ended what it had left: `);
  expect(stack.output()).toContain(`pid ${frozen}`);
  expect(processesOf(lost)).toEqual([]);
  const after = await status(state);
  expect(after.page).toBe(before.page);
  expect(after.parts.map(({ address }) => address)).toEqual(before.parts.map(({ address }) => address));
  expect(await count('up')).toBeGreaterThan(samples);
});

test('SIGTERM stops everything, gives the lock back and leaves no process', async () => {
  const last = run();
  stack.child.kill('SIGTERM');
  expect(await stack.ended).toBe(0);
  expect(stack.output()).toMatch(/Stopped after \d+\.\d s\.\n$/);
  expect(processesOf(last)).toEqual([]);
  expect(readdirSync(join(state, 'run'))).toEqual(['ports.json']);
});

test('an occupied port is told and another one taken; hashed passwords stay as they are', async () => {
  const file = join(state, 'run', 'ports.json');
  const hashes = readFileSync(join(state, 'config', 'prometheus', 'web.yml'), 'utf8');
  const ports = JSON.parse(readFileSync(file, 'utf8')) as { exporter: number };
  const occupant = createServer().listen(ports.exporter, '127.0.0.1');
  await new Promise((resolve) => occupant.once('listening', resolve));
  try {
    stack = await up(arguments_, env);
    expect(stack.output()).toMatch(
      new RegExp(`Port ${ports.exporter} \\(exporter\\) is taken by another program; using \\d+\\.`),
    );
    const page = await (await fetch((await status(state)).page)).text();
    expect(page).toContain(`Port ${ports.exporter} (exporter) is taken`);
    await until('the exporter to be scraped', async () => (await status(state)).healthy);
    expect(readFileSync(join(state, 'config', 'prometheus', 'web.yml'), 'utf8')).toBe(hashes);
  } finally {
    occupant.close();
  }
});

test('the end of the npm that started it is noticed', async () => {
  const own = join(directory.path, 'npm');
  const script = `const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify([join(import.meta.dirname, '../../bin/lookout.mjs'), 'up', '--env', folder, '--state', own])}, { stdio: ['ignore', process.stdout, process.stdout], detached: true }); console.log('pid', child.pid); setInterval(() => {}, 1000);`;
  const npm = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, npm_lifecycle_event: 'start' },
  });
  let output = '';
  npm.stdout.on('data', (data) => {
    output += String(data);
  });
  await until('the stack to be up', () => / is up after /.test(output), 60);
  const started = readLock(join(own, 'run', 'lock.json'));
  npm.kill('SIGKILL');
  await until('everything to have stopped', () => readLock(join(own, 'run', 'lock.json')) === null);
  expect(processesOf(started?.run ?? '')).toEqual([]);
});

test('mistakes of the environment and missing programs are told before anything is started', async () => {
  const broken = join(directory.path, 'broken');
  const other = writeEnvironment(broken);
  writeFileSync(join(other, 'environment.yaml'), 'platform: local\nbackup: []\npace: fast\n');
  const wrong = await command(['up', '--env', other, '--state', join(broken, 'state')]);
  expect(wrong.code).toBe(1);
  expect(wrong.output).toMatch(/environment\.yaml:2: backup: /);
  expect(wrong.output).toMatch(/environment\.yaml:3: pace: /);
  const bare = await command(['up', ...arguments_], { ...env, PATH: directory.path });
  expect(bare).toEqual({
    code: 1,
    output:
      'prometheus and prometheus-alertmanager or alertmanager not found on the PATH: install with "apt-get install prometheus prometheus-alertmanager", or put the project\'s own release on the PATH\n',
  });
  const poor = await command(['up', '--env', folder, '--state', join(broken, 'poor')], {
    WATCH_SMTP_PASSWORD: undefined,
  });
  expect(poor).toEqual({
    code: 1,
    output: expect.stringContaining('secret smtp-password is missing: environment variable WATCH_SMTP_PASSWORD'),
  });
  const cluster = await command(['up', 'no-such-environment']);
  expect(cluster.code).toBe(1);
});
