import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { dashboards } from '../../dashboards/index.ts';
import type { Dashboard } from '../../dashboards/types.ts';
import type { CronJobSource, ExporterConfig } from '../../exporter/config.ts';
import { alerts } from '../../rules/index.ts';
import type { Stack } from '../../stack/types.ts';
import { prove } from '../dashboards/proof/prove.ts';
import { loadPrometheus } from '../dashboards/proof/server.ts';
import { until } from '../exporter/support/exporter.ts';
import { installed } from '../support/programs.ts';
import { productionStack } from '../support/stacks.ts';
import { serviceAccount } from './support/access.ts';
import { directoryOf } from './support/claims.ts';
import { installExporter, reach, startPod } from './support/exporter.ts';
import { images } from './support/images.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from './support/kubectl.ts';
import { firing, recordingOf, type Scrape, scrapeAll } from './support/scrapes.ts';

/** The platform with its CronJobs, and the exporter in its two roles: one sees Jobs and no files, the other files and no Jobs. */
const shop = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
const api = 'lookout-exporter-api';
const node = 'lookout-exporter-node';
const backup = 'shop-database';

const good = 'echo a dump | gzip > /backups/shop_$(date -u +%Y%m%d_%H%M%S).gz';
const silent = 'true && echo all is well';
/** On an empty directory the pattern of the shell stands for itself, and find does not find it. */
const cleanup = 'find /backups/none/* -maxdepth 0 -mtime +14 -exec rm -rf {} \\;';

const declared: readonly CronJobSource[] = [
  { backup, purpose: 'backup', namespace: shop, name: 'dump' },
  { backup, purpose: 'cleanup', namespace: shop, name: 'cleanup' },
  { backup: 'shop-files', purpose: 'backup', namespace: shop, name: 'gone' },
];

beforeAll(async () => {
  serviceAccount({ namespace: home, name: api }, [
    {
      namespace: shop,
      rules: [
        { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['get', 'watch'] },
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] },
      ],
    },
  ]);
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } };
  apply({ kind: 'PersistentVolumeClaim', metadata: { name: 'dumps', namespace: shop }, spec });
  cronJob('dump', good);
  cronJob('cleanup', cleanup);
  installExporter(home);
  startPod({ namespace: home, name: api, role: { serviceAccount: api }, config: { cronJobs: declared } });
  const nodeName = await nodeOfFirstJob();
  const directory = directoryOf('dumps', shop);
  startPod({ namespace: home, name: node, role: { directories: [directory], nodeName }, config: watched(directory) });
});

/** A scheduled Job may be a minute old. */
const stack: Stack = { ...productionStack, alerts: { BackupWithoutArtifact: { threshold: 50 } } };
/** All that do not ask for the time of day. */
const watching = alerts.filter(({ name }) =>
  /^Backup(WithoutArtifact|Invalid|NotFound|CronJob(Failing|Missing|Suspended|Unreadable))$/.test(name),
);
/** Seconds. */
const step = 2;

describe('what both roles of the exporter say of the backups of a real cluster', () => {
  const taken: Scrape[] = [];

  test('lets a clean-up that fails and a CronJob that is not there be told, and not the backup that works', async () => {
    const fires = await alarm(taken);
    const expected = ['BackupCronJobFailing: CronJob cleanup failing', 'BackupCronJobMissing: CronJob gone missing'];
    await until(async () => String(await fires()) === String(expected));
  });

  test('lets a Job be told that succeeds and leaves no artifact', async () => {
    const fires = await alarm(taken);
    cronJob('dump', silent);
    await until(async () => (await fires()).includes(withoutArtifact));
    expect(await fires()).not.toContain('BackupCronJobFailing: CronJob dump failing');
  });

  test('ends that with a run by hand, which does not count for the schedule', async () => {
    const fires = await alarm(taken);
    cronJob('dump', good, { suspend: true });
    const before = await scheduledSuccess();
    kubectl(['create', 'job', 'by-hand', '--from=cronjob/dump', `--namespace=${shop}`]);
    await until(async () => !(await fires()).includes(withoutArtifact));
    expect(await fires()).toContain('BackupCronJobSuspended: CronJob dump suspended');
    expect(await scheduledSuccess()).toBe(before);
  });

  test('notes a run by hand that fails apart from those of the schedule', async () => {
    const fires = await alarm(taken);
    const { scrape } = await reach(home, api);
    const failure = async () => (await scrape())(manualFailure, { cronjob: 'cleanup' });
    expect(await failure()).toBe(0);
    kubectl(['create', 'job', 'cleanup-by-hand', '--from=cronjob/cleanup', `--namespace=${shop}`]);
    await until(async () => (await failure()) !== 0);
    expect(await fires()).toContain('BackupCronJobFailing: CronJob cleanup failing');
  });

  test('gives every panel about CronJobs data that its unit can have', async () => {
    const recording = recordingOf(taken, step);
    const prometheus = await loadPrometheus(installed, recording, stack);
    try {
      expect(await prove(cronJobPanels(), { api: prometheus.api, span: recording, scrape: step })).toEqual([]);
    } finally {
      await prometheus.stop();
    }
  });
});

const manualFailure = 'lookout_backup_cronjob_last_manual_failure_timestamp_seconds';
const withoutArtifact = `BackupWithoutArtifact: backup ${backup} without artifact`;

/** The dashboard of backups with nothing but that row. */
function cronJobPanels(): Dashboard {
  const dashboard = dashboards(stack).find(({ uid }) => uid === 'lookout-backups');
  const panels = dashboard?.panels ?? [];
  const first = panels.findIndex(({ type, title }) => type === 'row' && title === 'CronJobs');
  const last = panels.findIndex(({ type }, index) => type === 'row' && index > first);
  if (dashboard === undefined || first === -1) throw new Error('the dashboard of backups has no row of CronJobs');
  return { ...dashboard, panels: panels.slice(first, last) };
}

function watched(directory: string): Partial<ExporterConfig> {
  return {
    backups: [
      {
        name: backup,
        directory,
        pattern: 'shop_%Y%m%d_%H%M%S.gz',
        engine: 'files',
        schedule: '* * * * *',
        timezone: 'UTC',
        clock: 'UTC',
        expectedInterval: null,
        grace: 600,
        settle: 1,
        retention: null,
        ignore: [],
      },
    ],
  };
}

/** Gives what fires on what the exporters say now, and notes that. */
async function alarm(taken: Scrape[]): Promise<() => Promise<readonly string[]>> {
  const exporters = [await reach(home, api), await reach(home, node)];
  return async () => {
    await sleep(step * 1000);
    const scrape = await scrapeAll(exporters, stack);
    taken.push(scrape);
    return firing(scrape, stack, watching);
  };
}

async function scheduledSuccess(): Promise<number | undefined> {
  const value = await (await reach(home, api)).scrape();
  return value('lookout_backup_cronjob_last_success_timestamp_seconds', { cronjob: 'dump' });
}

/** The claim is provided where the first pod that uses it runs. */
async function nodeOfFirstJob(): Promise<string> {
  interface Pods {
    readonly items: readonly { readonly spec: { readonly nodeName?: string } }[];
  }
  const node = () => kubectlJson<Pods>('get', 'pods', `--namespace=${shop}`).items.find(({ spec }) => spec.nodeName);
  await until(() => node() !== undefined);
  kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/dumps', `--namespace=${shop}`, '--timeout=90s']);
  return node()?.spec.nodeName ?? '';
}

function cronJob(name: string, script: string, more: object = {}): void {
  const volumeMounts = [{ name: 'backups', mountPath: '/backups' }];
  const container = { name: 'job', image: images().busybox, command: ['sh', '-c', script], volumeMounts };
  const volumes = [{ name: 'backups', persistentVolumeClaim: { claimName: 'dumps' } }];
  const template = { spec: { restartPolicy: 'Never', containers: [container], volumes } };
  const jobTemplate = { spec: { backoffLimit: 0, template } };
  const spec = { schedule: '* * * * *', timeZone: 'Etc/UTC', jobTemplate, ...more };
  apply({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, namespace: shop }, spec });
}
