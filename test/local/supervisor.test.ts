import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginLog, earlierLog, logSize, rotateLog, tailLog } from '../../provision/local/supervisor/logs.ts';
import { bench, idle, processesOf, programPart, stateOf, stubborn, temporaryDirectory, until } from './support.ts';

test('a part is healthy once its probe is, and its process leads a group of its own', async () => {
  using directory = temporaryDirectory();
  let ready = false;
  const probe = async () => {
    if (!ready) throw new Error('not yet');
  };
  await using run = await bench(directory.path, [programPart('one', idle, { probe })]);
  await until('its process', () => stateOf(run.supervisor, 'one').pid !== null);
  expect(stateOf(run.supervisor, 'one')).toMatchObject({ phase: 'starting', state: 'starting', healthyAt: null });
  ready = true;
  await run.supervisor.settled();
  const state = stateOf(run.supervisor, 'one');
  expect(state.phase).toBe('healthy');
  expect(state.pid).not.toBe(process.pid);
  expect(state.residentBytes).toBeGreaterThan(1_000_000);
});

test('a part waits for the ones before it and says for which', async () => {
  using directory = temporaryDirectory();
  let ready = false;
  const probe = async () => {
    if (!ready) throw new Error('not yet');
  };
  await using run = await bench(directory.path, [
    programPart('first', idle, { probe }),
    programPart('second', idle, { after: ['first'] }),
  ]);
  expect(stateOf(run.supervisor, 'second')).toMatchObject({ state: 'waiting for first', pid: null });
  ready = true;
  await until('the second part to be healthy', () => stateOf(run.supervisor, 'second').phase === 'healthy');
});

test('starting is not failing until the deadline, then the reason stands beside it and others stop waiting', async () => {
  using directory = temporaryDirectory();
  const probe = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  await using run = await bench(directory.path, [
    programPart('first', idle, { probe, deadline: 0.3 }),
    programPart('second', idle, { after: ['first'] }),
  ]);
  await run.supervisor.settled();
  expect(run.history('first').slice(0, 2)).toEqual([
    'starting',
    'degraded: not ready after 0.3 s: connect ECONNREFUSED',
  ]);
  expect(stateOf(run.supervisor, 'second').phase).toBe('healthy');
});

test('a part that is killed is started again at once, and the restart stays visible', async () => {
  using directory = temporaryDirectory();
  await using run = await bench(directory.path, [programPart('one', idle)]);
  await run.supervisor.settled();
  const { pid } = stateOf(run.supervisor, 'one');
  process.kill(pid!, 'SIGKILL');
  await until('a new process', () => {
    const state = stateOf(run.supervisor, 'one');
    return state.phase === 'healthy' && state.pid !== pid;
  });
  expect(run.history('one')).toEqual([
    'starting',
    'healthy',
    'restarting (1st, SIGKILL, in 1 s)',
    'starting again (1st)',
    'healthy',
  ]);
  expect(stateOf(run.supervisor, 'one')).toMatchObject({ restarts: 1, lastExit: { reason: 'SIGKILL' } });
});

test('a part that keeps failing is started ever later, with its exit code and last error beside it', async () => {
  using directory = temporaryDirectory();
  const failing = `console.log('opening'); console.error('Error: cannot open the database'); process.exit(3)`;
  await using run = await bench(directory.path, [
    programPart('one', failing, { probe: () => Promise.reject(new Error('no')) }),
  ]);
  await until('the third restart', () => stateOf(run.supervisor, 'one').restarts === 3);
  const waits = run.history('one').filter((state) => state.startsWith('restarting'));
  expect(waits.slice(0, 3)).toEqual([
    'restarting (1st, exit 3, in 1 s)',
    'restarting (2nd, exit 3, in 1 s)',
    'restarting (3rd, exit 3, in 2 s)',
  ]);
  expect(stateOf(run.supervisor, 'one').reason).toBe('exit 3: Error: cannot open the database');
});

test('a program that does not exist is a reason, not a crash', async () => {
  using directory = temporaryDirectory();
  const spec = { ...programPart('one', ''), command: ['/nowhere/at/all'] as const };
  await using run = await bench(directory.path, [{ ...spec, probe: () => Promise.reject(new Error('no')) }]);
  await until('its end to be noticed', () => stateOf(run.supervisor, 'one').lastExit !== null);
  expect(stateOf(run.supervisor, 'one').lastExit?.reason).toMatch(/nowhere|ENOENT/);
});

test('what a part leaves behind in its group is ended before it is started again', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'child');
  const parent = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(idle)}], { stdio: 'ignore' });
    require('node:fs').appendFileSync(${JSON.stringify(file)}, pid + '\\n'); ${idle}`;
  await using run = await bench(directory.path, [programPart('one', parent)]);
  await until('the child', () => existsSync(file));
  process.kill(stateOf(run.supervisor, 'one').pid!, 'SIGKILL');
  await until('the second child', () => readFileSync(file, 'utf8').trim().split('\n').length === 2);
  expect(processesOf(run.run)).toHaveLength(2);
});

test('parts stop in the reverse order, and nothing of them is alive afterwards', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'order');
  const polite = (name: string) =>
    `process.on('SIGTERM', () => { require('node:fs').appendFileSync(${JSON.stringify(file)}, '${name} '); process.exit(0) }); console.log('armed'); ${idle}`;
  await using run = await bench(
    directory.path,
    ['a', 'b', 'c'].map((name) => programPart(name, polite(name))),
  );
  await until('all handlers', () => ['a', 'b', 'c'].every((name) => tailLog(run.log(name), 1)[0] === 'armed'));
  await run.supervisor.stop(new AbortController().signal);
  expect(readFileSync(file, 'utf8')).toBe('c b a ');
  expect(run.supervisor.states().map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  expect(processesOf(run.run)).toEqual([]);
});

test('a part that does not hear SIGTERM is killed when its patience is over', async () => {
  using directory = temporaryDirectory();
  await using run = await bench(directory.path, [programPart('one', stubborn, { patience: 0.5 })]);
  await until('its handler', () => tailLog(run.log('one'), 1)[0] === 'armed');
  await run.supervisor.stop(new AbortController().signal);
  expect(tailLog(run.log('one'), 1)).toEqual(['no']);
  expect(processesOf(run.run)).toEqual([]);
});

test('stopping by force does not wait for anyone', async () => {
  using directory = temporaryDirectory();
  const force = new AbortController();
  await using run = await bench(
    directory.path,
    ['a', 'b'].map((name) => programPart(name, stubborn, { patience: 3600 })),
  );
  await until('their handlers', () => ['a', 'b'].every((name) => tailLog(run.log(name), 1)[0] === 'armed'));
  const stopped = run.supervisor.stop(force.signal);
  await until('the first to be asked', () => tailLog(run.log('b'), 1)[0] === 'no');
  expect(stateOf(run.supervisor, 'b').state).toMatch(/^stopping \(\d+ s\)$/);
  force.abort();
  await stopped;
  expect(processesOf(run.run)).toEqual([]);
});

test('a healthy part that falls silent is degraded, not restarted, and healthy again when it answers', async () => {
  using directory = temporaryDirectory();
  let silent = false;
  const probe = async () => {
    if (silent) throw new Error('answered 503');
  };
  await using run = await bench(directory.path, [programPart('one', idle, { probe })]);
  await run.supervisor.settled();
  const { pid } = stateOf(run.supervisor, 'one');
  silent = true;
  await until('it to be degraded', () => stateOf(run.supervisor, 'one').state === 'degraded: answered 503');
  silent = false;
  await until('it to be healthy', () => stateOf(run.supervisor, 'one').phase === 'healthy');
  expect(stateOf(run.supervisor, 'one').pid).toBe(pid);
});

test('a restart on request comes without delay and does not count as a failure', async () => {
  using directory = temporaryDirectory();
  await using run = await bench(directory.path, [programPart('one', idle)]);
  await run.supervisor.settled();
  expect(await run.supervisor.restart('one')).toBe(true);
  expect(await run.supervisor.restart('other')).toBe(false);
  await until('the new process', () => {
    const { phase, restarts } = stateOf(run.supervisor, 'one');
    return phase === 'healthy' && restarts === 1;
  });
  expect(run.history('one')).toContain('restarting (1st, on request, in 0 s)');
  expect(stateOf(run.supervisor, 'one').lastExit?.reason).toBe('restarted on request');
});

test('the system ends the parts when the supervisor is killed', { skip: process.platform !== 'linux' }, async () => {
  using directory = temporaryDirectory();
  const script = `
    const { bench, programPart, idle } = await import(${JSON.stringify(join(import.meta.dirname, 'support.ts'))});
    const { supervisor, run } = await bench(${JSON.stringify(directory.path)}, [programPart('one', idle)]);
    await supervisor.settled();
    console.log(run);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const run = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
  expect(processesOf(run)).toHaveLength(1);
  child.kill('SIGKILL');
  await until('the part to end', () => processesOf(run).length === 0);
});

test('logs are private, keep the last run, and are set aside under a running writer when they grow', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'one.log');
  writeFileSync(path, 'of the last run\n');
  await using run = await bench(directory.path, [
    programPart('one', `setInterval(() => console.log('x'.repeat(99)), 5)`),
  ]);
  expect(readFileSync(earlierLog(path), 'utf8')).toBe('of the last run\n');
  await until('some output', () => logSize(path) > 5000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rotateLog(path, 5000);
  await until('new output', () => tailLog(path, 1)[0] === 'x'.repeat(99));
  expect(readFileSync(path).includes(0)).toBe(false);
  expect(statSync(earlierLog(path)).size).toBeGreaterThan(5000);
  expect(statSync(earlierLog(path)).mode & 0o777).toBe(0o600);
  await run.supervisor.stop(AbortSignal.abort());
  beginLog(path);
  expect(tailLog(path, 1)).toEqual([]);
});
