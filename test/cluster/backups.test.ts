import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CronJobSource, ExporterConfig } from '../../exporter/config.ts';
import { alerts } from '../../rules/index.ts';
import { renderAlert } from '../../rules/render.ts';
import type { Alert, InputSeries } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import { until } from '../exporter/support/exporter.ts';
import { alertTest, firedInstead, testRules } from '../rules/promtool.ts';
import { installed } from '../support/programs.ts';
import { productionStack } from '../support/stacks.ts';
import { serviceAccount } from './support/access.ts';
import { directoryOf } from './support/claims.ts';
import { installExporter, type Reached, reach, startPod } from './support/exporter.ts';
import { images, loadImages } from './support/images.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from './support/kubectl.ts';

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
  loadImages();
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
  await installExporter(home);
  startPod({ namespace: home, name: api, role: { serviceAccount: api }, config: { cronJobs: declared } });
  const nodeName = await nodeOfFirstJob();
  const directory = directoryOf('dumps', shop);
  startPod({ namespace: home, name: node, role: { directories: [directory], nodeName }, config: watched(directory) });
});

describe('the alerts of a backup, from what both roles of the exporter say of a real cluster', () => {
  test('tell of a clean-up that fails and of a CronJob that is not there, and not of the backup that works', async () => {
    const fires = await alarm();
    await until(async () => String(await fires()) === 'BackupCronJobFailing cleanup,BackupCronJobMissing gone');
  });

  test('tell of a Job that succeeds and leaves no artifact', async () => {
    const fires = await alarm();
    cronJob('dump', silent);
    await until(async () => (await fires()).includes('BackupWithoutArtifact'));
    expect(await fires()).not.toContain('BackupCronJobFailing dump');
  });

  test('end with a run by hand, which does not count for the schedule', async () => {
    const fires = await alarm();
    cronJob('dump', good, { suspend: true });
    const before = await scheduledSuccess();
    kubectl(['create', 'job', 'by-hand', '--from=cronjob/dump', `--namespace=${shop}`]);
    await until(async () => !(await fires()).includes('BackupWithoutArtifact'));
    expect(await fires()).toContain('BackupCronJobSuspended dump');
    expect(await scheduledSuccess()).toBe(before);
  });
});

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

/** Names of the alerts that fire on what the exporters say now, with the CronJob; sorted. */
async function alarm(): Promise<() => Promise<readonly string[]>> {
  const exporters = [await reach(home, api), await reach(home, node)];
  return async () => {
    await sleep(2000);
    return firing(await seriesOf(exporters));
  };
}

/** All that do not ask for the time of day, which promtool lets begin in 1970; a Job may be a minute old. */
const watching = alerts.filter(({ name }) =>
  /^Backup(WithoutArtifact|Invalid|NotFound|CronJob(Failing|Missing|Suspended|Unreadable))$/.test(name),
);
const stack: Stack = { ...productionStack, alerts: { BackupWithoutArtifact: { threshold: 50 } } };

function firing(series: readonly InputSeries[]): readonly string[] {
  const suites = watching.map((alert) => {
    const rendered = renderAlert(stack, alert);
    const whole = { title: alert.name, alert: alert.name, series, at: rendered.for + 60, fires: [] };
    return { rules: [rendered], tests: [alertTest(stack, whole, [rendered])] };
  });
  const fired = firedInstead(testRules(installed.promtool, stack, suites));
  return fired.map((each) => [each.alert, ...cronJobOf(each, watching)].join(' ')).sort();
}

/** The annotations begin with what the alert is about. */
function cronJobOf({ alert, annotations }: ReturnType<typeof firedInstead>[number], among: readonly Alert[]) {
  const aboutCronJob = among.some(({ name, object }) => name === alert && object === 'cronjob');
  return aboutCronJob ? [annotations['summary']?.split(' ')[1] ?? ''] : [];
}

/** As Prometheus would have them of two targets, unchanged for two hours. */
async function seriesOf(exporters: readonly Reached[]): Promise<readonly InputSeries[]> {
  const samples = await Promise.all(exporters.map(({ samples: read }) => read()));
  return samples.flatMap((each, index) =>
    each
      .filter(({ name }) => name.startsWith('lookout_backup_') || name === 'lookout_source_up')
      .map(({ name, labels, value }) => ({
        metric: name,
        labels: { ...labels, instance: `exporter-${index}` },
        values: `${value === Number.POSITIVE_INFINITY ? '+Inf' : value}x480`,
      })),
  );
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
