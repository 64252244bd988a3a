import { describe, expect, test } from 'vitest';
import type { CronJobSource } from '../../../exporter/config.ts';
import { until } from '../support/exporter.ts';
import { at, exporterIn, startCluster } from './cluster.ts';
import type { FakeKubernetesApi } from './fake-kubernetes-api.ts';

const dump: CronJobSource = { backup: 'shop-database', purpose: 'backup', namespace: 'shop', name: 'dump' };
const labels = { backup: 'shop-database', cronjob_namespace: 'shop', cronjob: 'dump' };
const family = (name: string) => `lookout_backup_cronjob_${name}`;

describe('a declared CronJob', () => {
  test('is shown as the cluster has it', async () => {
    const { api, jobs } = await cluster();
    cronJobs(api).put('dump', {
      spec: { schedule: '0 2 * * *', timeZone: 'Asia/Almaty', suspend: true },
      status: {
        active: [{ name: 'dump-1' }],
        lastScheduleTime: '2026-11-20T02:00:00Z',
        lastSuccessfulTime: '2026-11-19T02:05:00Z',
      },
    });
    jobs.put('unrelated', { status: {} });
    const { value } = await (await exporterIn(api, { cronJobs: [dump] })).scrape();
    const info = { ...labels, purpose: 'backup', schedule: '0 2 * * *', timezone: 'Asia/Almaty' };
    expect(value(family('info'), info)).toBe(1);
    expect(value(family('present'), labels)).toBe(1);
    expect(value(family('suspended'), labels)).toBe(1);
    expect(value(family('active_jobs'), labels)).toBe(1);
    expect(value(family('last_schedule_timestamp_seconds'), labels)).toBe(at('2026-11-20T02:00:00Z'));
    expect(value(family('last_success_timestamp_seconds'), labels)).toBe(at('2026-11-19T02:05:00Z'));
    expect(value(family('last_failure_timestamp_seconds'), labels)).toBe(0);
    expect(value(family('last_duration_seconds'), labels)).toBeUndefined();
  });

  test('that does not exist is a finding, and becomes present when it is created', async () => {
    const { api } = await cluster();
    const exporter = await exporterIn(api, { cronJobs: [dump] });
    const before = await exporter.scrape();
    expect(before.value(family('present'), labels)).toBe(0);
    expect(before.value(family('suspended'), labels)).toBeUndefined();
    expect(before.value('lookout_source_up', { source: 'shop/dump' })).toBe(1);
    cronJobs(api).put('dump', {
      spec: { schedule: '0 2 * * *' },
      status: { lastScheduleTime: '2026-11-20T02:00:00Z' },
    });
    await until(async () => (await exporter.scrape()).value(family('present'), labels) === 1);
    cronJobs(api).delete('dump');
    await until(async () => (await exporter.scrape()).value(family('present'), labels) === 0);
    const after = await exporter.scrape();
    expect(after.value(family('last_schedule_timestamp_seconds'), labels)).toBe(at('2026-11-20T02:00:00Z'));
  });

  test('is due at the first scheduled time after its last success, of whichever kind, or after it was created', async () => {
    const { api, jobs } = await cluster();
    const spec = { schedule: '0 2,12 * * *', timeZone: 'Asia/Almaty' };
    const due = async () => (await exporter.scrape()).value(family('due_timestamp_seconds'), labels);
    cronJobs(api).put('dump', { spec }, { creationTimestamp: '2026-11-20T00:00:00Z' });
    const exporter = await exporterIn(api, { cronJobs: [dump] });
    expect(await due()).toBe(at('2026-11-20T07:00:00Z'));
    cronJobs(api).put('dump', { spec, status: { lastSuccessfulTime: '2026-11-20T07:03:00Z' } });
    await until(async () => (await due()) === at('2026-11-20T21:00:00Z'));
    jobs.put('dump-1', complete('2026-11-20T21:00:00Z', '2026-11-20T21:05:00Z'), scheduled);
    await until(async () => (await due()) === at('2026-11-21T07:00:00Z'));
    const manual = { ...scheduled, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } };
    jobs.put('by-hand', complete('2026-11-21T07:10:00Z', '2026-11-21T07:15:00Z'), manual);
    await until(async () => (await due()) === at('2026-11-21T21:00:00Z'));
    cronJobs(api).delete('dump');
    await until(async () => (await due()) === undefined);
  });

  test.each([
    [
      'a schedule in UTC when a Job was started at a time of it',
      '0 2 * * *',
      '2026-11-20T02:00:00Z',
      '2026-11-21T02:00:00Z',
    ],
    [
      'none when its Jobs were started at other times: the zone is not known',
      '0 2 * * *',
      '2026-11-19T21:00:00Z',
      undefined,
    ],
    ['none before a Job was ever started', '0 0 * * *', undefined, undefined],
    ['none of a form that only Kubernetes has', '@every 5m', '2026-11-20T02:00:00Z', undefined],
  ])('without a time zone has %s', async (_title, schedule, lastScheduleTime, expected) => {
    const { api } = await cluster();
    const status = { ...(lastScheduleTime && { lastScheduleTime }), lastSuccessfulTime: '2026-11-20T02:05:00Z' };
    cronJobs(api).put('dump', { spec: { schedule }, status });
    const { value } = await (await exporterIn(api, { cronJobs: [dump] })).scrape();
    expect(value(family('due_timestamp_seconds'), labels)).toBe(expected && at(expected));
    expect(value(family('present'), labels)).toBe(1);
  });

  test('that makes a backup and cleans it up too is told once, with both purposes', async () => {
    const { api } = await cluster();
    cronJobs(api).put('dump', { spec: { schedule: '0 2 * * *' } });
    const both = [dump, { ...dump, purpose: 'cleanup' as const }];
    const { samples } = await (await exporterIn(api, { cronJobs: both })).scrape();
    const named = (name: string) => samples.filter((each) => each.name === family(name));
    expect(named('info').map((each) => each.labels['purpose'])).toEqual(['backup', 'cleanup']);
    for (const name of ['present', 'suspended', 'last_success_timestamp_seconds']) expect(named(name)).toHaveLength(1);
  });

  test('may make several backups', async () => {
    const { api } = await cluster();
    cronJobs(api).put('dump', { spec: { schedule: '0 2 * * *' } });
    const both = [dump, { ...dump, backup: 'shop-files', purpose: 'cleanup' as const }];
    const { value, samples } = await (await exporterIn(api, { cronJobs: both })).scrape();
    for (const { backup } of both) expect(value(family('present'), { ...labels, backup })).toBe(1);
    expect(samples.filter(({ name }) => name === 'lookout_source_up').map((each) => each.labels['source'])).toEqual([
      'Jobs in shop',
      'shop/dump',
    ]);
  });

  test('that may not be read says which verb is missing', async () => {
    const { api } = await cluster();
    const words = 'cronjobs.batch "dump" is forbidden: User "x" cannot watch resource "cronjobs"';
    for (let times = 0; times < 9; times++) api.fail('watch', { kind: 'status', code: 403, body: words });
    const exporter = await exporterIn(api, { cronJobs: [dump] });
    const { value } = await exporter.scrape();
    expect(value(family('last_schedule_timestamp_seconds'), labels)).toBe(0);
    expect(value(family('present'), labels)).toBeUndefined();
    const sources = await exporter.explain();
    const message = expect.stringContaining(words);
    expect(sources.find(({ source }) => source === 'shop/dump')).toMatchObject({
      reason: 'permission_denied',
      message,
    });
  });
});

describe('the Jobs of a CronJob', () => {
  test('tell the last success with its duration, and the last failure', async () => {
    const { api, jobs } = await cluster();
    jobs.put('dump-1', complete('2026-11-18T02:00:00Z', '2026-11-18T02:03:00Z'), scheduled);
    jobs.put('dump-2', complete('2026-11-19T02:00:00Z', '2026-11-19T02:04:10Z'), scheduled);
    jobs.put('dump-3', failedAt('2026-11-20T02:10:00Z'), scheduled);
    jobs.put('dump-4', { status: { startTime: '2026-11-21T02:00:00Z', active: 1 } }, scheduled);
    const { value } = await (await exporterIn(api, { cronJobs: [dump] })).scrape();
    expect(value(family('last_success_timestamp_seconds'), labels)).toBe(at('2026-11-19T02:04:10Z'));
    expect(value(family('last_duration_seconds'), labels)).toBe(250);
    expect(value(family('last_failure_timestamp_seconds'), labels)).toBe(at('2026-11-20T02:10:00Z'));
  });

  test('that were started by hand stand apart', async () => {
    const { api, jobs } = await cluster();
    const manual = { ...scheduled, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } };
    const status = { lastSuccessfulTime: '2026-11-20T09:30:00Z' };
    cronJobs(api).put('dump', { spec: { schedule: '0 2 * * *' }, status });
    jobs.put('dump-by-hand', complete('2026-11-20T09:00:00Z', '2026-11-20T09:30:00Z'), manual);
    jobs.put('dump-by-hand-2', failedAt('2026-11-20T10:00:00Z'), manual);
    const exporter = await exporterIn(api, { cronJobs: [dump] });
    const { value } = await exporter.scrape();
    expect(value(family('last_manual_success_timestamp_seconds'), labels)).toBe(at('2026-11-20T09:30:00Z'));
    expect(value(family('last_manual_failure_timestamp_seconds'), labels)).toBe(at('2026-11-20T10:00:00Z'));
    expect(value(family('last_success_timestamp_seconds'), labels)).toBe(0);
    expect(value(family('last_failure_timestamp_seconds'), labels)).toBe(0);
    const readings = (await exporter.explain()).map(({ source, reading }) => [source, reading]);
    expect(Object.fromEntries(readings)).toMatchObject({
      'shop/dump': { present: true, created: null, lastSuccess: '2026-11-20T09:30:00.000Z' },
      'Jobs in shop': { dump: { lastManualFailure: '2026-11-20T10:00:00.000Z', lastFailure: null, lastDuration: 0 } },
    });
  });

  test('stay known when they are deleted, and those of others are not counted', async () => {
    const { api, jobs } = await cluster();
    jobs.put('other-1', failedAt('2026-11-20T03:00:00Z'), {
      ownerReferences: [{ kind: 'CronJob', name: 'other' }],
    });
    jobs.put('dump-1', { status: { startTime: '2026-11-20T02:00:00Z' } }, scheduled);
    const exporter = await exporterIn(api, { cronJobs: [dump] });
    const failure = async () => (await exporter.scrape()).value(family('last_failure_timestamp_seconds'), labels);
    expect(await failure()).toBe(0);
    jobs.put('dump-1', failedAt('2026-11-20T02:10:00Z'), scheduled);
    await until(async () => (await failure()) === at('2026-11-20T02:10:00Z'));
    jobs.delete('dump-1');
    jobs.put('dump-2', complete('2026-11-21T02:00:00Z', '2026-11-21T02:01:00Z'), scheduled);
    await until(async () => (await exporter.scrape()).value(family('last_duration_seconds'), labels) === 60);
    expect(await failure()).toBe(at('2026-11-20T02:10:00Z'));
  });
});

const scheduled = { ownerReferences: [{ kind: 'CronJob', name: 'dump' }] };

async function cluster() {
  const api = await startCluster();
  cronJobs(api);
  return { api, jobs: api.collection('/apis/batch/v1/namespaces/shop/jobs') };
}

function cronJobs(api: FakeKubernetesApi) {
  return api.collection('/apis/batch/v1/namespaces/shop/cronjobs');
}

function complete(startTime: string, completionTime: string): object {
  const conditions = [
    { type: 'SuccessCriteriaMet', status: 'True' },
    { type: 'Complete', status: 'True' },
  ];
  return { status: { startTime, completionTime, conditions } };
}

function failedAt(lastTransitionTime: string): object {
  return {
    status: { startTime: '2026-11-20T02:00:00Z', conditions: [{ type: 'Failed', status: 'True', lastTransitionTime }] },
  };
}
