import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../common/problems.ts';
import { createIncidents } from '../../../demo/incidents/index.ts';
import { undo } from '../../../demo/incidents/journal.ts';
import { localPaths } from '../../../provision/local/paths.ts';
import type { IncidentContext, PartClient } from '../../../provision/local/types.ts';
import { demonstration, now } from './world.ts';

/** What the parts answer, changed by the tests as time goes by. */
interface Parts {
  now: number;
  missedRuns: number;
  alert: 'inactive' | 'pending' | 'firing';
  grouped: boolean;
  messages: { kind: 'mail' | 'slack'; state: 'firing' | 'resolved'; at: number; backup?: string }[];
  healthy: boolean;
  /** Parts that do not answer. */
  silent: string[];
}

function platform() {
  const { stack, paths } = demonstration();
  const parts: Parts = {
    now,
    missedRuns: 0,
    alert: 'inactive',
    grouped: false,
    messages: [],
    healthy: true,
    silent: [],
  };
  const part = (name: string, answer: (path: string) => unknown): PartClient => {
    return async (path) => {
      if (parts.silent.includes(name)) throw new Error(`${name} does not answer at 127.0.0.1:1`);
      const body = answer(path);
      return body instanceof Response ? body : Response.json(body);
    };
  };
  const health = () => new Response('', { status: parts.healthy ? 200 : 503 });
  const context: IncidentContext = {
    stack,
    paths: localPaths(join(paths.root, '..')),
    clients: {
      prometheus: part('Prometheus', () => rules(parts)),
      alertmanager: part('Alertmanager', () => (parts.grouped ? [{}] : [])),
      exporter: part(
        'the exporter',
        () => new Response(`lookout_backup_missed_runs{backup="shop-database"} ${parts.missedRuns}\n`),
      ),
      inbox: part('the inbox', () => messages(parts)),
      app: part('the shop', health),
      jobs: part('the jobs', health),
    },
    page: 'http://127.0.0.1:1',
    now: () => parts.now,
  };
  const pass = (seconds: number, change: Partial<Parts> = {}) =>
    Object.assign(parts, change, { now: parts.now + seconds * 1000 });
  return { context, parts, pass, paths, incidents: createIncidents(context) };
}

function rules({ alert, now: at }: Parts) {
  const labels = { backup: 'shop-database', namespace: 'demo' };
  const alerts = alert === 'inactive' ? [] : [{ state: alert, activeAt: new Date(at - 1000).toISOString(), labels }];
  return { data: { groups: [{ rules: [{ name: 'BackupMissed', duration: 4, alerts }] }] } };
}

function messages({ messages: all }: Parts) {
  return all.map(({ kind, state, at, backup = 'shop-database' }) => ({
    id: `${at}`,
    kind,
    state,
    receivedAt: now + at * 1000,
    title: `${state} ${backup}`,
    labels: { alertname: 'BackupMissed', backup },
  }));
}

describe('an incident', () => {
  test('goes from its start to the resolved messages, and the world is as before', async () => {
    const { incidents, pass, paths } = platform();
    expect(await incidents.current()).toBeNull();
    expect((await incidents.start('backup-missed')).phase).toBe('running');
    expect(existsSync(paths.jobFaults)).toBe(true);
    pass(3, { missedRuns: 1 });
    await incidents.current();
    pass(2, { alert: 'pending' });
    await incidents.current();
    pass(4, { alert: 'firing', grouped: true });
    await incidents.current();
    pass(3, {
      messages: [
        { kind: 'mail', state: 'firing', at: 11 },
        { kind: 'slack', state: 'firing', at: 10.5 },
        { kind: 'mail', state: 'firing', at: 1, backup: 'another' },
      ],
    });
    const arrived = await incidents.current();
    expect(arrived?.chain.map(({ step, at }) => [step, ((at ?? Number.NaN) - now) / 1000])).toEqual([
      ['changed', 0],
      ['seen', 3],
      ['pending', 4],
      ['firing', 9],
      ['grouped', 9],
      ['mail', 11],
      ['slack', 10.5],
    ]);
    pass(5);
    expect((await incidents.clear())?.phase).toBe('clearing');
    expect(existsSync(paths.jobFaults)).toBe(false);
    pass(5, { missedRuns: 0, alert: 'inactive' });
    await incidents.current();
    pass(15, { messages: [...messagesSoFar, ...resolved(35)] });
    const over = await incidents.current();
    expect(over?.phase).toBe('over');
    expect(over?.chain.map(({ step, at }) => [step, ((at ?? Number.NaN) - now) / 1000]).slice(7)).toEqual([
      ['cleared', 17],
      ['recovered', 22],
      ['inactive', 22],
      ['mail-resolved', 35],
      ['slack-resolved', 35],
    ]);
  });

  test('says which part does not answer when it is stuck', async () => {
    const { incidents, pass } = platform();
    await incidents.start('backup-missed');
    pass(300, { silent: ['the exporter'] });
    const seen = (await incidents.current())?.chain.find(({ step }) => step === 'seen');
    expect(seen).toMatchObject({ state: 'stuck', detail: expect.stringContaining('the exporter does not answer') });
  });
});

const messagesSoFar: Parts['messages'] = [
  { kind: 'mail', state: 'firing', at: 11 },
  { kind: 'slack', state: 'firing', at: 10.5 },
];
const resolved = (at: number): Parts['messages'] => [
  { kind: 'mail', state: 'resolved', at },
  { kind: 'slack', state: 'resolved', at },
];

describe('an incident is refused, and nothing is changed,', () => {
  const refused = async (
    { incidents, paths }: ReturnType<typeof platform>,
    message: RegExp,
    name = 'backup-missed',
  ) => {
    const attempt = incidents.start(name);
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(message);
    expect(existsSync(paths.shopFaults)).toBe(false);
  };

  test('when there is none of its name', () =>
    refused(platform(), /no incident nonsense .* backup-missed/, 'nonsense'));

  test('while another one runs', async () => {
    const world = platform();
    await world.incidents.start('backup-missed');
    await refused(world, /backup-missed is running: .*lookout incident clear/, 'app-down');
  });

  test('while another one is just being started', async () => {
    const world = platform();
    const first = world.incidents.start('backup-missed');
    await refused(world, /just being started/, 'app-down');
    await first;
  });

  test('while the last messages of another one are to come, but not when they are stuck', async () => {
    const world = platform();
    await world.incidents.start('backup-missed');
    world.pass(1, { missedRuns: 1 });
    await world.incidents.clear();
    await refused(world, /cleared but not over/, 'app-down');
    world.pass(100);
    await expect(world.incidents.start('backup-missed')).resolves.toMatchObject({ phase: 'running' });
  });

  test.each([
    ['does not answer', { silent: ['the jobs'] }],
    ['is not ready', { healthy: false }],
  ])('when the demonstration %s', async (words, change) => {
    const world = platform();
    Object.assign(world.parts, change);
    await refused(world, new RegExp(words));
  });

  test('when the stack runs without the demonstration', async () => {
    const world = platform();
    const incidents = createIncidents({ ...world.context, clients: { ...world.context.clients, app: null } });
    await refused({ ...world, incidents }, /without it/);
  });

  test('when its alert is active already', async () => {
    const world = platform();
    world.parts.alert = 'pending';
    await refused(world, /BackupMissed of backup shop-database is pending already/);
  });
});

describe('a supervisor that was killed', () => {
  test('is followed by one that knows the incident, its times and how to undo it', async () => {
    const world = platform();
    await world.incidents.start('backup-missed');
    world.pass(3, { missedRuns: 1 });
    await world.incidents.current();
    const next = createIncidents(world.context);
    world.pass(60);
    const run = await next.current();
    expect(run?.chain.find(({ step }) => step === 'seen')?.at).toBe(now + 3000);
    expect((await next.clear())?.phase).toBe('clearing');
    expect(existsSync(world.paths.jobFaults)).toBe(false);
  });

  test('right after it wrote the journal is followed by one that knows the incident from it', async () => {
    const world = platform();
    await world.incidents.start('backup-missed');
    rmSync(join(world.paths.incident, 'run.json'));
    const run = await createIncidents(world.context).current();
    expect(run).toMatchObject({ incident: 'backup-missed', startedAt: now, phase: 'running' });
  });

  test('whose incident was undone meanwhile is followed by one that knows it is cleared', async () => {
    const world = platform();
    await world.incidents.start('backup-missed');
    undo(world.paths);
    world.pass(60);
    expect(await createIncidents(world.context).current()).toMatchObject({ clearedAt: now + 60_000 });
  });
});

test('clearing without an incident changes nothing', async () => {
  const { incidents } = platform();
  expect(await incidents.clear()).toBeNull();
});

test('the list says how long each takes by the intervals of the stack', () => {
  const seconds = platform().incidents.list.map(({ name, seconds }) => [name, seconds]);
  expect(Object.fromEntries(seconds)).toMatchObject({ 'app-errors': 33, 'certificate-expiring': 34 });
  for (const [, estimate] of seconds) expect(estimate).toBeLessThanOrEqual(120);
});
