import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choosePorts } from '../../provision/local/ports.ts';
import {
  acquireLock,
  type Holder,
  livingHolder,
  releaseLock,
  updateLock,
} from '../../provision/local/supervisor/lock.ts';
import { endOrphans, runVariable } from '../../provision/local/supervisor/orphans.ts';
import { identify, isAlive, processStat } from '../../provision/local/supervisor/process.ts';
import { idle, processesOf, stubborn, temporaryDirectory, until } from './support.ts';

const me = (): Holder => ({ run: 'mine', identity: identify(process.pid), since: 1, page: null });
const linux = process.platform === 'linux';

/** A process that has ended and been waited for. */
async function deadProcess(): Promise<Holder> {
  const child = spawn(process.execPath, ['-e', idle], { stdio: 'ignore' });
  const holder = { run: 'dead', identity: identify(child.pid!), since: 1, page: null };
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  return holder;
}

/** A process of a run, in a group of its own. */
function orphan(run: string, program = idle) {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, [runVariable]: run },
  });
  return child;
}

test('the second to ask for a lock learns who holds it', () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'run', 'lock.json');
  expect(acquireLock(path, me())).toEqual({ kind: 'held', previous: null });
  updateLock(path, { ...me(), page: 'http://127.0.0.1:1/' });
  expect(acquireLock(path, { ...me(), run: 'other' })).toEqual({
    kind: 'busy',
    holder: { ...me(), page: 'http://127.0.0.1:1/' },
  });
  releaseLock(path);
  expect(livingHolder(path)).toBeNull();
  expect(acquireLock(path, me()).kind).toBe('held');
});

test('the lock of a dead process is taken over, and its run is told', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'lock.json');
  const dead = await deadProcess();
  acquireLock(path, dead);
  expect(livingHolder(path)).toBeNull();
  expect(acquireLock(path, me())).toEqual({ kind: 'held', previous: dead });
});

test('a process that reuses the number of the holder does not hold the lock', { skip: !linux }, () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'lock.json');
  const reused = { ...me(), run: 'old', identity: { ...identify(process.pid), startTicks: '1' } };
  acquireLock(path, reused);
  expect(acquireLock(path, me())).toEqual({ kind: 'held', previous: reused });
  const rebooted = { ...identify(process.pid), boot: 'another boot' };
  expect(isAlive(rebooted)).toBe(false);
});

test('a zombie is not alive', { skip: !linux }, async () => {
  const script = `import os, sys, time
pid = os.fork()
if pid == 0: os._exit(0)
print(pid, flush=True)
time.sleep(60)`;
  const parent = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', (data) => resolve(String(data)))));
    await until('the zombie', () => processStat(pid)?.state === 'Z');
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(isAlive(identify(pid))).toBe(false);
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a lock file that cannot be read is an error that names it', () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'lock.json');
  writeFileSync(path, '{');
  expect(() => acquireLock(path, me())).toThrow(`the lock file ${path} cannot be read`);
});

test('orphans of a run are ended, recorded or only marked, and nothing else is', { skip: !linux }, async () => {
  const run = `test-${process.pid}-${Math.random()}`;
  const other = `${run}-other`;
  const [marked, bystander] = [orphan(run), orphan(other)];
  const recorded = spawn(process.execPath, ['-e', idle], { stdio: 'ignore' });
  const identity = identify(recorded.pid!);
  const misleading = { ...identify(bystander.pid!), startTicks: '1' };
  try {
    await until('the marked process', () => processesOf(run).length === 1);
    const ended = await endOrphans(run, [
      { part: 'recorded', identity },
      { part: 'bystander', identity: misleading },
    ]);
    expect([...ended].sort()).toEqual([marked.pid!, recorded.pid!].sort());
    expect(isAlive(identity)).toBe(false);
    expect(processesOf(other)).toEqual([bystander.pid]);
  } finally {
    bystander.kill('SIGKILL');
  }
});

test('an orphan that does not hear SIGTERM is killed', { skip: !linux }, async () => {
  const run = `test-${process.pid}-${Math.random()}`;
  const child = orphan(run, stubborn);
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  expect(await endOrphans(run, [], 0.2)).toEqual([child.pid]);
  expect(processesOf(run)).toEqual([]);
});

test('a port is the last one used, else the default, else a free one, and what was taken is told', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'ports.json');
  const wish = (port: number) => [{ name: 'web', title: 'web', default: port }];
  const occupied = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => occupied.once('listening', resolve));
  const { port } = occupied.address() as { port: number };
  try {
    const [first] = await choosePorts(wish(port), file);
    expect(first).toMatchObject({ name: 'web', taken: port });
    expect(first!.port).not.toBe(port);
    const [again] = await choosePorts(wish(port), file);
    expect(again).toMatchObject({ port: first!.port, taken: null });
  } finally {
    occupied.close();
  }
  await new Promise((resolve) => occupied.once('close', resolve));
  expect(existsSync(file)).toBe(true);
  expect(await choosePorts(wish(port), join(directory.path, 'new.json'))).toMatchObject([{ port, taken: null }]);
});
