import { volumeMetrics as metrics } from '../../exporter/metrics/volume.ts';
import type { Stack } from '../../stack/types.ts';
import { always, steps } from '../scenarios.ts';
import { bytes, figure, found, latest, percent, value } from '../templates.ts';
import type { Alert, InputSeries, Labels, RuleContext, Scenario, Topic } from '../types.ts';
import { storage } from '../vocabulary.ts';

const dashboard = 'lookout-storage';
const claim = { claim_namespace: 'shop', claim: 'uploads' };
const place = { node: 'node-1', path: '/srv' };

const ofClaim = 'claim_namespace=$claim_namespace,claim=$claim';
const usedOfRequested =
  figure(`max(${latest(metrics.used, `${ofClaim},scope="volume"`)})`, bytes(found)) +
  figure(`max(${latest(metrics.requested, ofClaim)})`, ` of ${bytes(found)}`);
const left = figure(`min(${latest(metrics.filesystemAvailable, 'node=$node,path=$path')})`, `${bytes(found)} left`);

const inWords = '{{ $labels.reason | reReplaceAll "_" " " }}';

const withoutVolumes = (stack: Stack) => (stack.volumes.length === 0 ? 'no volume is declared' : undefined);
/** Of a claim that is asked for, the cluster tells the size. */
const withoutSizes = (stack: Stack) =>
  stack.volumes.some(({ requested, directory }) => requested !== null || directory === null)
    ? undefined
    : 'no volume declares its size';

const volumeRunbook = [
  'See what grows: `du -xh --max-depth=2 <directory> | sort -h | tail`.',
  'Delete what is not needed, or enlarge the claim: `kubectl patch pvc <claim> -p \'{"spec":{"resources":{"requests":{"storage":"<size>"}}}}\'` where its class allows expansion.',
  'Then raise the size in the environment, so that the limit follows.',
];

const filling: Alert = {
  name: 'VolumeFillingUp',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.8, unit: 'percentunit' },
  expr: ({ recent, threshold }) => `${recent(storage.volumeUsed)} > ${threshold}`,
  summary: 'volume {{ $labels.claim }} filling up',
  detail: `${percent(value)} full, ${usedOfRequested}`,
  value: percent(value),
  action: 'See what grows and delete it, or enlarge the volume.',
  description: `Volume {{ $labels.claim }} holds ${usedOfRequested} (${percent(value)}).`,
  runbook: {
    means:
      'The claim holds most of the size that was asked for. Where the storage enforces no size, nothing stops it there: it then takes the space of its neighbours.',
    steps: volumeRunbook,
  },
  panel: { dashboard, panel: 'Volumes in use' },
  object: 'claim',
  impossible: withoutSizes,
  scenarios: ratioScenarios(storage.volumeUsed, claim, [
    { metric: metrics.used.name, labels: measured('volume'), values: always(900e6) },
    { metric: metrics.used.name, labels: measured('filesystem'), values: always(9e12) },
    { metric: metrics.requested.name, labels: claim, values: always(1e9) },
  ]),
};

const full: Alert = {
  ...filling,
  name: 'VolumeFull',
  severity: 'critical',
  for: 60,
  threshold: { value: 0.9, unit: 'percentunit' },
  summary: 'volume {{ $labels.claim }} full',
  action: 'Make room now: delete what can be spared or enlarge the volume.',
  runbook: {
    means:
      'The claim is nearly full. Databases stop accepting writes and backups are cut short when nothing is left; some do not recover by themselves.',
    steps: volumeRunbook,
  },
};

const filesystemFilling: Alert = {
  name: 'FilesystemFillingUp',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.8, unit: 'percentunit' },
  expr: ({ recent, threshold }) => `${recent(storage.filesystemUsed)} > ${threshold}`,
  summary: 'file system {{ $labels.path }} filling up',
  detail: `${percent(value)} full, ${left}`,
  value: percent(value),
  action: 'See what grows on this file system; it may be something else than the declared directories.',
  description: `The file system below {{ $labels.path }} on {{ $labels.node }} is ${percent(value)} full, ${left}. Everything that lies on it counts, not the declared directory alone.`,
  runbook: {
    means:
      'The whole file system below a declared directory is filling up, whoever fills it. Every volume and backup on it will be unable to write.',
    steps: [
      'See who fills it: `df -h <path>`, then `du -xh --max-depth=2 $(findmnt -no TARGET -T <path>) | sort -h | tail`.',
      'Images and logs are the usual ones on a node: `crictl rmi --prune`, `journalctl --vacuum-size=500M`.',
      'Backups are another: compare their retention with what lies there.',
    ],
  },
  panel: { dashboard, panel: 'File systems in use' },
  object: 'path',
  impossible: withoutVolumes,
  scenarios: ratioScenarios(storage.filesystemUsed, place, [
    { metric: metrics.filesystemAvailable.name, labels: place, values: always(5e9) },
  ]),
};

const filesystemFull: Alert = {
  ...filesystemFilling,
  name: 'FilesystemFull',
  severity: 'critical',
  for: 60,
  threshold: { value: 0.9, unit: 'percentunit' },
  summary: 'file system {{ $labels.path }} full',
  action: 'Make room on this file system now.',
};

const inodes: Alert = {
  name: 'InodesRunningOut',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.9, unit: 'percentunit' },
  expr: ({ recent, threshold }) =>
    `max by (namespace, claim_namespace, claim) (${recent(metrics.inodesUsed)} / (${recent(metrics.inodes)} > 0)) > ${threshold}`,
  summary: `volume {{ $labels.claim }} running out of inodes`,
  detail: `${percent(value)} of the inodes in use`,
  value: percent(value),
  action: 'Find the directory with very many small files and thin it out.',
  description: `${percent(value)} of the inodes below volume {{ $labels.claim }} are in use; without a free one no file can be made, however much space is left.`,
  runbook: {
    means: 'Each file and directory takes one inode, and their number is fixed when a file system is made.',
    steps: [
      'Count files by directory: `du --inodes -x --max-depth=2 <directory> | sort -n | tail`.',
      'Delete the many small ones: sessions, caches, thumbnails, mail queues.',
    ],
  },
  panel: { dashboard, panel: 'Inodes in use' },
  object: 'claim',
  impossible: withoutVolumes,
  scenarios: [
    {
      title: 'a little more than the share is in use',
      fires: [claim],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: metrics.inodesUsed.name,
          labels: measured('filesystem'),
          values: steps([10, 300], [1000 * threshold + 10, 3600]),
        },
        { metric: metrics.inodes.name, labels: measured('filesystem'), values: always(1000) },
      ],
    },
    {
      title: 'exactly the share is in use',
      fires: [],
      series: ({ threshold }) => [
        { metric: metrics.inodesUsed.name, labels: measured('filesystem'), values: always(1000 * threshold) },
        { metric: metrics.inodes.name, labels: measured('filesystem'), values: always(1000) },
      ],
    },
    {
      title: 'the file system counts no inodes',
      fires: [],
      series: () => [
        { metric: metrics.inodesUsed.name, labels: measured('filesystem'), values: always(1) },
        { metric: metrics.inodes.name, labels: measured('filesystem'), values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of inodes', fires: [], absent: true, series: () => [] },
  ],
};

const unmeasured: Alert = {
  name: 'VolumeUnmeasured',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `label_replace(max by (namespace, claim_namespace, claim, reason) (${recent(metrics.unmeasured)}), "source", "$1", "claim", "(.+)") > 0`,
  summary: 'volume {{ $labels.claim }} not measured',
  detail: inWords,
  value: '',
  action: 'Give the exporter a way to read the volume: mount, path or permission.',
  description: `Nothing is known of volume {{ $labels.claim }}: ${inWords}. It can fill up without another alert.`,
  runbook: {
    means: 'A declared volume cannot be measured, so none of the other alerts can warn of it.',
    steps: [
      '`not_found`: is the path mounted where the environment says? `permission_denied`: as which user does the exporter run? `timeout`: the file system hangs, see SourceHung.',
      'Compare with the host: `findmnt -T <directory>`, `ls -ld <directory>`.',
    ],
  },
  panel: { dashboard, panel: 'Volumes not measured' },
  object: 'claim',
  impossible: withoutVolumes,
  scenarios: [
    {
      title: 'its directory is not there',
      fires: [{ ...claim, reason: 'not_found', source: 'uploads' }],
      since: 300,
      series: () => [
        {
          metric: metrics.unmeasured.name,
          labels: { ...claim, reason: 'not_found' },
          values: steps([0, 300], [1, 3600]),
        },
      ],
    },
    {
      title: 'it is measured again',
      fires: [],
      series: () => [
        {
          metric: metrics.unmeasured.name,
          labels: { ...claim, reason: 'not_found' },
          values: steps([1, 300], [0, 3600]),
        },
      ],
    },
    { title: 'it is measured', fires: [], absent: true, series: () => [] },
  ],
};

function measured(scope: string) {
  return { ...claim, method: 'statfs', scope };
}

/** Above the threshold fires, exactly on it does not. */
function ratioScenarios(metric: string, labels: Labels, besides: readonly InputSeries[]): readonly Scenario[] {
  return [
    {
      title: 'a little more than the share is in use',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [{ metric, labels, values: steps([0.1, 300], [threshold + 0.001, 3600]) }, ...besides],
    },
    {
      title: 'exactly the share is in use',
      fires: [],
      series: ({ threshold }) => [{ metric, labels, values: always(threshold) }],
    },
    { title: 'it is not measured', fires: [], absent: true, series: () => [] },
  ];
}

/** A claim's share counts only what was measured of the claim itself; a figure of the whole file system is never shown as its use. */
function records({ stack, select }: RuleContext) {
  if (withoutVolumes(stack) !== undefined) return [];
  const byClaim = 'max by (namespace, claim_namespace, claim)';
  const byPlace = '(namespace, node, path)';
  return [
    {
      record: storage.volumeUsed,
      expr: `${byClaim} (${select(metrics.used, 'scope="volume"')}) / ${byClaim} (${select(metrics.requested)} > 0)`,
    },
    {
      record: storage.filesystemUsed,
      expr: `1 - min by ${byPlace} (${select(metrics.filesystemAvailable)}) / max by ${byPlace} (${select(metrics.filesystemSize)} > 0)`,
    },
  ];
}

export const volumes: Topic = {
  name: 'volumes',
  alerts: [filling, full, filesystemFilling, filesystemFull, inodes, unmeasured],
  records,
};
