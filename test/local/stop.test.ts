import { expect, test } from 'vitest';
import type { Shell } from '../../provision/cli/command.ts';
import { stopOnSignals } from '../../provision/local/stop.ts';
import { tailLog } from '../../provision/local/supervisor/logs.ts';
import { bench, processesOf, programPart, stateOf, stubborn, temporaryDirectory, until } from './support.ts';

/** A shell whose clock and signals the test has in hand. */
function handShell(env: Shell['env'] = {}) {
  let [time, parent] = [1000, 7];
  const listeners = new Set<() => void>();
  const said: string[] = [];
  const shell: Shell = {
    env,
    cwd: '/',
    root: '/',
    interactive: false,
    now: () => time,
    print: (line) => said.push(line),
    report: (line) => said.push(line),
    signal: new AbortController().signal,
    block: null,
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    parent: () => parent,
  };
  return {
    shell,
    said,
    listeners,
    signal: (later: number) => {
      time += later;
      for (const listener of listeners) listener();
    },
    adopt: () => {
      parent = 1;
    },
  };
}

test('one Ctrl-C that arrives twice is patient, a later one is not', async () => {
  using directory = temporaryDirectory();
  await using run = await bench(directory.path, [programPart('one', stubborn, { patience: 3600 })]);
  await until('its handler', () => tailLog(run.log('one'), 1)[0] === 'armed');
  const hand = handShell();
  const stop = stopOnSignals(hand.shell);
  hand.signal(0);
  hand.signal(1);
  await stop.asked;
  const stopped = stop.carryOut(run.supervisor);
  await until('it to be asked', () => tailLog(run.log('one'), 1)[0] === 'no');
  hand.signal(400);
  expect(stateOf(run.supervisor, 'one').phase).toBe('stopping');
  expect(processesOf(run.run)).toHaveLength(1);
  hand.signal(200);
  await stopped;
  expect(processesOf(run.run)).toEqual([]);
  expect(hand.said.join('\n')).toMatch(/Ctrl-C again does not wait/);
  expect(hand.listeners.size).toBe(0);
});

test('under npm the end of the parent asks to stop; elsewhere a changed parent means nothing', async () => {
  const [npm, script] = [handShell({ npm_lifecycle_event: 'start' }), handShell()];
  const [under, free] = [stopOnSignals(npm.shell), stopOnSignals(script.shell)];
  npm.adopt();
  script.adopt();
  await under.asked;
  expect(under.signal.aborted).toBe(true);
  expect(free.signal.aborted).toBe(false);
});

test('a signal that came before anyone listened counts', async () => {
  const hand = handShell();
  const stop = stopOnSignals({ ...hand.shell, signal: AbortSignal.abort() });
  await stop.asked;
  expect(stop.signal.aborted).toBe(true);
});
