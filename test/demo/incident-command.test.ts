import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../common/problems.ts';
import { change } from '../../demo/incidents/journal.ts';
import { demoPaths } from '../../demo/paths.ts';
import type { Input, Shell } from '../../provision/cli/command.ts';
import { run } from '../../provision/cli/incident.ts';
import { localPaths } from '../../provision/local/paths.ts';
import { runFiles } from '../../provision/local/run-files.ts';
import { acquireLock } from '../../provision/local/supervisor/lock.ts';
import { identify } from '../../provision/local/supervisor/process.ts';
import type { ChainLink, IncidentRun } from '../../provision/local/types.ts';
import { temporaryFolder } from './folder.ts';

const start = Date.UTC(2026, 10, 20, 12);
const token = 'the-token-of-this-start';

const link = (
  step: ChainLink['step'],
  state: ChainLink['state'],
  seconds: number | null,
  detail: string | null = null,
): ChainLink => ({
  step,
  title: step,
  state,
  at: seconds === null ? null : start + seconds * 1000,
  expectedAt: start + 20_000,
  detail,
  url: null,
});

const running = (...chain: ChainLink[]): IncidentRun => ({
  incident: 'app-down',
  startedAt: start,
  clearedAt: null,
  phase: 'running',
  chain,
});

const incident = {
  name: 'app-down',
  title: 'The shop is down',
  what: 'Closes its listeners.',
  alerts: ['ApplicationDown'],
  messages: '',
  seconds: 19,
  undo: 'Opens them again.',
};

/** A start page that shows one run after the other, the last one for good; and what it was asked. */
async function startPage(state: string, runs: readonly IncidentRun[]): Promise<readonly string[]> {
  const asked: string[] = [];
  let next = 0;
  const server = createServer((request, response) => {
    const { method, url } = request;
    const trusted = request.headers.authorization === `Bearer ${token}`;
    asked.push(`${method} ${url}${trusted ? '' : ' without the token'}`);
    const current = runs[Math.min(next, runs.length - 1)] ?? null;
    if (method === 'GET') next += 1;
    const refused = url?.endsWith('/nonsense');
    const body = refused
      ? { message: 'there is no incident nonsense' }
      : method === 'POST'
        ? current
        : { list: [incident], current };
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const files = runFiles(localPaths(state));
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  acquireLock(files.lock, { run: 'run', identity: identify(process.pid), since: start, page });
  writeFileSync(files.token, token);
  return asked;
}

async function command(state: string, name: string | undefined, options: Input['options'] = {}, interactive = false) {
  const printed: string[] = [];
  const reported: string[] = [];
  const shell: Shell = {
    env: {},
    cwd: state,
    root: state,
    interactive,
    now: () => start + 5000,
    print: (line) => printed.push(line),
    report: (line) => reported.push(line),
    signal: new AbortController().signal,
    block: null,
    onSignal: () => () => {},
    parent: () => 1,
  };
  const code = await run({ args: { incident: name }, options: { ...options, state } }, shell);
  return { code, printed, reported };
}

describe('lookout incident', () => {
  test('starts an incident and prints each link as it happens, until the messages have arrived', async () => {
    const state = temporaryFolder();
    const asked = await startPage(state, [
      running(link('changed', 'done', 0), link('firing', 'active', null, '1 of 8 s'), link('mail', 'waiting', null)),
      running(link('changed', 'done', 0), link('firing', 'done', 8.04), link('mail', 'active', null)),
      running(
        link('changed', 'done', 0),
        link('firing', 'done', 8.04),
        link('mail', 'done', 10, 'CRITICAL | shop down'),
      ),
    ]);
    const { code, printed } = await command(state, 'app-down');
    expect(code).toBe(0);
    expect(printed).toEqual([
      'The shop is down. Closes its listeners.',
      '   +0.0 s  changed',
      '   +8.0 s  firing',
      '  +10.0 s  mail            CRITICAL | shop down',
      'The messages are in the inbox. Put everything back with: lookout incident clear',
    ]);
    expect(asked).toContain('POST /api/incidents/app-down');
    expect(asked.join()).not.toContain('without');
  });

  test('keeps a last line on a terminal for what is waited for', async () => {
    const state = temporaryFolder();
    await startPage(state, [
      running(link('changed', 'done', 0), link('firing', 'active', null, '1 of 8 s')),
      running(link('changed', 'done', 0), link('firing', 'active', null, '1 of 8 s')),
      running(link('changed', 'done', 0), link('firing', 'done', 8)),
    ]);
    const { printed } = await command(state, 'app-down', {}, true);
    expect(printed.slice(2, 4)).toEqual([
      '           firing          1 of 8 s, expected in 15 s',
      '\u001b[1A\u001b[2K   +8.0 s  firing',
    ]);
  });

  test('fails when a link is stuck, and says where to look', async () => {
    const state = temporaryFolder();
    await startPage(state, [
      running(link('changed', 'done', 0), link('mail', 'stuck', null, 'see the log of Alertmanager')),
    ]);
    const { code, printed } = await command(state, 'app-down');
    expect(code).toBe(1);
    expect(printed.at(-1)).toBe('    stuck  mail            see the log of Alertmanager');
  });

  test('does not wait when it is told so', async () => {
    const state = temporaryFolder();
    const asked = await startPage(state, [running(link('changed', 'done', 0), link('mail', 'active', null))]);
    expect((await command(state, 'app-down', { wait: false })).code).toBe(0);
    expect(asked).toEqual(['GET /api/incidents', 'POST /api/incidents/app-down']);
  });

  test('gives nothing but JSON as its result when it is asked for it', async () => {
    const state = temporaryFolder();
    const last = running(link('changed', 'done', 0), link('mail', 'done', 10));
    await startPage(state, [last]);
    const { printed, reported } = await command(state, 'app-down', { json: true });
    expect(JSON.parse(printed.join('\n'))).toEqual(last);
    expect(reported[0]).toBe('The shop is down. Closes its listeners.');
  });

  test('clears, and prints what follows from then on', async () => {
    const state = temporaryFolder();
    const cleared = (...chain: ChainLink[]): IncidentRun => ({
      ...running(link('changed', 'done', 0), link('mail', 'done', 10), ...chain),
      phase: 'clearing',
      clearedAt: start + 30_000,
    });
    const asked = await startPage(state, [
      cleared(link('cleared', 'done', 30), link('recovered', 'active', null)),
      cleared(link('cleared', 'done', 30), link('recovered', 'done', 32.5)),
    ]);
    const { code, printed } = await command(state, 'clear');
    expect(code).toBe(0);
    expect(asked).toContain('DELETE /api/incidents');
    expect(printed).toEqual([
      'app-down is cleared. Opens them again.',
      '   +0.0 s  cleared',
      '   +2.5 s  recovered',
      'It is over.',
    ]);
  });

  test('says so when there is nothing to clear', async () => {
    const state = temporaryFolder();
    await startPage(state, [{ ...running(link('cleared', 'done', 1)), phase: 'over', clearedAt: start }]);
    expect((await command(state, 'clear')).printed).toEqual([
      'There is nothing to clear: the demonstration is as it should be.',
    ]);
  });

  test('lists what there is', async () => {
    const state = temporaryFolder();
    await startPage(state, [running(link('changed', 'done', 0))]);
    expect((await command(state, undefined)).printed).toEqual([
      'app-down              Closes its listeners. About 19 s.',
      'Now running: app-down',
    ]);
  });

  test('passes on why the start page refuses', async () => {
    const state = temporaryFolder();
    await startPage(state, [running(link('changed', 'done', 0))]);
    await expect(command(state, 'nonsense')).rejects.toThrow(new UserError('there is no incident nonsense'));
  });
});

describe('without a stack that is up', () => {
  test('nothing can be started', async () => {
    await expect(command(temporaryFolder(), 'app-down')).rejects.toThrow(/not up: start it with "npm start"/);
  });

  test('what a killed one has left can be cleared', async () => {
    const state = temporaryFolder();
    const paths = demoPaths(localPaths(state).demo);
    const operation = { kind: 'replace', path: paths.shopFaults, content: '{}', existed: false } as const;
    change({ ...paths }, { incident: 'app-down', startedAt: start, operations: [operation] });
    const { code } = await command(state, 'clear');
    expect(code).toBe(0);
    expect(existsSync(join(paths.root, 'shop-faults.json'))).toBe(false);
  });
});
