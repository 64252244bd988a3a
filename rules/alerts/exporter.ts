import { selfMetrics as metrics } from '../../exporter/metrics/self.ts';
import { type ExporterRole, jobs, type Stack, watchesCertificates } from '../../stack/types.ts';
import { always, hold, steps } from '../scenarios.ts';
import { figure, found, latest, moment, span, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const dashboard = 'lookout-stack';
const job = { job: jobs.exporter };
const source = { collector: 'backups', source: 'shop-database' };
const hungSince = latest(metrics.sourceHungSince, 'collector=$collector,source=$source');

const down: Alert = {
  name: 'ExporterDown',
  severity: 'critical',
  for: 120,
  threshold: null,
  expr: ({ select }) => {
    const up = select('up', `job="${jobs.exporter}"`);
    return `max by (namespace, job) (${up}) == 0 or absent(${up})`;
  },
  summary: 'exporter down',
  detail: 'backups, volumes and certificates are not watched',
  value: '',
  action: 'Look at the state and the log of the exporter and start it again.',
  description:
    'Prometheus gets no answer from the exporter. While that lasts nobody watches backups, volumes and certificates.',
  runbook: {
    means:
      'The exporter does not answer its scrape: it is not running, its address has changed, or it refuses the token.',
    steps: [
      'Open the page of targets of Prometheus: its error says whether nobody listens, or the answer was 401 (then the token files differ) or 503 (overload).',
      'Read its log: `lookout logs <environment> exporter` on one machine, `kubectl logs` in a cluster.',
      'Ask it directly: `curl -H "Authorization: Bearer $(cat <token file>)" http://<exporter>/prometheus | head`.',
    ],
  },
  panel: { dashboard, panel: 'Targets' },
  object: 'job',
  scenarios: [
    {
      title: 'its scrape fails',
      fires: [job],
      since: 300,
      series: () => [{ metric: 'up', labels: { ...job, instance: 'a' }, values: steps([1, 300], [0, 3600]) }],
    },
    {
      title: 'it is not even a target any more, while others are',
      fires: [job],
      absent: true,
      series: () => [{ metric: 'up', labels: { job: 'shop', instance: 'b' }, values: always(1) }],
    },
    {
      title: 'it answers, and another target does not',
      fires: [],
      series: () => [
        { metric: 'up', labels: { ...job, instance: 'a' }, values: always(1) },
        { metric: 'up', labels: { job: 'shop', instance: 'b' }, values: always(0) },
      ],
    },
  ],
};

interface Part {
  readonly name: string;
  readonly role: ExporterRole;
  readonly other: ExporterRole;
  /** What it watches. */
  readonly watches: string;
  readonly steps: readonly string[];
}

/**
 * Pods of a role are found as they come and go: of one that is gone `up` is left only while its Service cannot be looked up
 * anew.
 */
function roleDown({ name, role, other, watches, steps: more }: Part): Alert {
  const part = { ...job, role };
  const up = (of: ExporterRole, values: string) => ({
    metric: 'up',
    labels: { ...job, role: of, instance: `lookout-exporter-${of}` },
    values,
  });
  return {
    name,
    severity: 'critical',
    for: 120,
    threshold: null,
    expr: ({ select }) => {
      const pods = select('up', `job="${jobs.exporter}",role="${role}"`);
      return `max by (namespace, job, role) (${pods}) == 0 or absent(${pods})`;
    },
    summary: 'exporter role {{ $labels.role }} down',
    detail: `${watches} are not watched`,
    value: '',
    action: 'See why its pod does not run: kubectl get pods, then kubectl describe.',
    description: `No pod of the exporter with the role {{ $labels.role }} answers Prometheus, while the other role may. As long as that lasts nobody watches ${watches}.`,
    runbook: {
      means: `In a cluster the exporter is two kinds of pods. Of the one that watches ${watches} there is none, or none that answers; what it told is forgotten after some minutes.`,
      steps: [
        'See whether it is there: `kubectl get pods -l app.kubernetes.io/instance=<environment>`, then `kubectl describe` of what does not run.',
        ...more,
        'Flavour operator: does the ServiceMonitor `lookout-exporter` select its Service? `lookout verify <environment>` tells.',
      ],
    },
    panel: { dashboard, panel: 'Targets' },
    object: 'role',
    impossible: ({ exporter: { roles } }) =>
      roles.includes(role) ? undefined : `no exporter of the role ${role} runs for this environment`,
    scenarios: [
      {
        title: 'its pod is gone, the other answers',
        fires: [part],
        since: 300,
        series: () => [up(other, always(1)), up(role, `${hold(1, 300)} stale`)],
      },
      {
        title: 'its pod does not answer, the other does',
        fires: [part],
        since: 300,
        series: () => [up(other, always(1)), up(role, steps([1, 300], [0, 3600]))],
      },
      {
        title: 'one of its pods answers; the other role and a foreign program of that role do not',
        fires: [],
        series: () => [
          up(other, always(0)),
          up(role, always(1)),
          { ...up(role, always(0)), labels: { ...part, instance: 'b' } },
          { ...up(role, always(0)), labels: { ...part, job: 'shop', instance: 'c' } },
        ],
      },
      { title: 'nothing of the exporter is a target', fires: [part], absent: true, series: () => [] },
    ],
  };
}

const nodeDown = roleDown({
  name: 'ExporterNodeDown',
  role: 'node',
  other: 'api',
  watches: 'backups, volumes and files',
  steps: [
    'A claim that is not bound, or a directory that the node does not have, keeps it from starting: its events say which.',
    'Prometheus finds its pods by the addresses of its Service: `kubectl get endpoints lookout-exporter-node`.',
  ],
});

const apiDown = roleDown({
  name: 'ExporterApiDown',
  role: 'api',
  other: 'node',
  watches: 'servers, Secrets and CronJobs',
  steps: ['Its log says what the API refuses: `kubectl logs deployment/lookout-exporter`.'],
});

const withoutSources = ({ backups, volumes, certificates }: Stack) =>
  backups.length + volumes.length > 0 || watchesCertificates(certificates)
    ? undefined
    : 'no backup, volume or certificate is declared for the exporter to read';

const lastSuccess = (threshold: number, seconds: number) => always(seconds - threshold);

const failing: Alert = {
  name: 'CollectorFailing',
  severity: 'warning',
  for: 60,
  threshold: { value: 900, unit: 's' },
  expr: ({ recent, threshold }) =>
    `time() - max by (namespace, collector) (${recent(metrics.collectorLastSuccess)}) > ${threshold} and on (namespace, collector) min by (namespace, collector) (${recent(metrics.sourceUp)}) == 1`,
  summary: 'collector {{ $labels.collector }} failing',
  detail: figure(
    `${latest(metrics.collectorLastSuccess, 'collector=$collector')} > 0`,
    `last success ${moment(found)}`,
    'it has never succeeded',
  ),
  value: span(value),
  action: 'Read the log of the exporter for this collector.',
  description:
    'The collector {{ $labels.collector }} of the exporter has not succeeded for some time though each of its sources can be read: what it reports is old.',
  runbook: {
    means: 'A whole collector stands still, not one of its sources; its figures are those of its last success.',
    steps: [
      'Read the log of the exporter: each failure is one line with its reason.',
      'Start the exporter again; if it stands still once more, an error of the program itself is worth a report with that line.',
    ],
  },
  panel: { dashboard, panel: 'Collectors' },
  object: 'collector',
  impossible: withoutSources,
  scenarios: [
    {
      title: 'it has stood still while its sources can be read',
      fires: [{ collector: 'backups' }],
      since: 615,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.collectorLastSuccess.name,
          labels: { collector: 'backups' },
          values: lastSuccess(threshold, seconds(600)),
        },
        { metric: metrics.sourceUp.name, labels: source, values: always(1) },
        { metric: metrics.sourceUp.name, labels: { collector: 'volumes', source: 'uploads' }, values: always(0) },
      ],
    },
    {
      title: 'it has just been standing still for the limit',
      fires: [],
      at: 600 + 60,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.collectorLastSuccess.name,
          labels: { collector: 'backups' },
          values: lastSuccess(threshold, seconds(660)),
        },
        { metric: metrics.sourceUp.name, labels: source, values: always(1) },
      ],
    },
    {
      title: 'it does not succeed because a source cannot be read, which is another alert',
      fires: [],
      at: 1200,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.collectorLastSuccess.name,
          labels: { collector: 'backups' },
          values: lastSuccess(threshold, seconds(600)),
        },
        { metric: metrics.sourceUp.name, labels: source, values: always(0) },
        { metric: metrics.sourceUp.name, labels: { ...source, source: 'other' }, values: always(1) },
      ],
    },
    {
      title: 'nothing is declared for it',
      fires: [],
      at: 1200,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.collectorLastSuccess.name,
          labels: { collector: 'backups' },
          values: lastSuccess(threshold, seconds(600)),
        },
      ],
    },
    { title: 'the exporter says nothing of its collectors', fires: [], absent: true, series: () => [] },
  ],
};

const hung: Alert = {
  name: 'SourceHung',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, collector, source) (${recent(metrics.sourceHungSince)}) > 0`,
  summary: 'reading {{ $labels.source }} hanging',
  detail: figure(`time() - ${hungSince}`, `for ${span(found)}`),
  value: figure(`time() - ${hungSince}`, span(found)),
  action: 'Look at the file system below it: a network share whose server is gone hangs like this.',
  description: `Reading {{ $labels.source }} ({{ $labels.collector }}) has hung${figure(`time() - ${hungSince}`, ` for ${span(found)}`)}; nothing new is known of it.`,
  runbook: {
    means:
      'The process that reads this source does not come back: its file system hangs. Other sources are still read; a hung process is never doubled.',
    steps: [
      'See which mount it is and who serves it: `findmnt -T <directory>`; then `timeout 5 ls <directory>` in a shell that you can spare.',
      "Processes in state D wait for it too: `ps -eo pid,stat,wchan:30,args | awk '$2 ~ /D/'`.",
      'Bring the server back. If it is gone for good: `umount -l <mount point>`, then take the source out of the environment.',
    ],
  },
  panel: { dashboard, panel: 'Sources' },
  object: 'source',
  impossible: withoutSources,
  scenarios: [
    {
      title: 'a network share hangs',
      fires: [source],
      since: 300,
      series: ({ seconds }) => [
        { metric: metrics.sourceHungSince.name, labels: source, values: steps([0, 300], [seconds(290), 3600]) },
      ],
    },
    {
      title: 'nothing hangs',
      fires: [],
      series: () => [{ metric: metrics.sourceHungSince.name, labels: source, values: always(0) }],
    },
    { title: 'the exporter says nothing of its sources', fires: [], absent: true, series: () => [] },
  ],
};

export const exporter: Topic = { name: 'exporter', alerts: [down, nodeDown, apiDown, failing, hung] };
