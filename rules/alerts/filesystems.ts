import { volumeMetrics as metrics } from '../../exporter/metrics/volume.ts';
import type { Stack } from '../../stack/types.ts';
import { always, ratioScenarios, steps } from '../scenarios.ts';
import { bytes, figure, found, latest, percent, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';
import { storage } from '../vocabulary.ts';
import { filesystemRecords } from '../volume-records.ts';
import { withoutVolumes } from './volumes.ts';

const dashboard = 'lookout-storage';
/** One on another machine, such as an NFS export, belongs to no node. */
const onNode = '{{ if $labels.node }} on {{ $labels.node }}{{ end }}';
const place = { node: 'node-1', path: '/srv' };

const claimed = figure(`max(${latest(metrics.filesystemClaimed, 'node=$node,path=$path')})`, bytes(found));
const sizeOfPlace = figure(`max(${latest(metrics.filesystemSize, 'node=$node,path=$path')})`, ` of ${bytes(found)}`);
const left = figure(`min(${latest(metrics.filesystemAvailable, 'node=$node,path=$path')})`, `${bytes(found)} left`);

/** What a claim that is asked for has asked for, the cluster tells. */
const withoutSizes = ({ volumes }: Stack) =>
  volumes.some(({ requested, directory }) => requested !== null || directory === null)
    ? undefined
    : 'no volume declares its size';

const filling: Alert = {
  name: 'FilesystemFillingUp',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.8, unit: 'percentunit' },
  expr: ({ recent, threshold }) => `${recent(storage.filesystemUsed)} > ${threshold}`,
  summary: 'file system {{ $labels.path }} filling up',
  detail: `${percent(value)} full, ${left}`,
  value: percent(value),
  action: 'See what grows on this file system; it may be something else than the declared directories.',
  description: `The file system below {{ $labels.path }}${onNode} is ${percent(value)} full, ${left}. Everything that lies on it counts, not the declared directory alone.`,
  runbook: {
    means:
      'The whole file system below a declared directory, or below claims that share it, is filling up, whoever fills it. Every volume and backup on it will be unable to write.',
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

const full: Alert = {
  ...filling,
  name: 'FilesystemFull',
  severity: 'critical',
  for: 60,
  threshold: { value: 0.9, unit: 'percentunit' },
  summary: 'file system {{ $labels.path }} full',
  action: 'Make room on this file system now.',
};

const overcommitted: Alert = {
  name: 'FilesystemOvercommitted',
  severity: 'info',
  for: 3600,
  threshold: { value: 1, unit: 'short' },
  expr: ({ recent, threshold }) => `${recent(storage.filesystemClaimed)} > ${threshold}`,
  summary: 'file system {{ $labels.path }} promised more than once',
  detail: `${claimed}${sizeOfPlace}`,
  value: `${percent(value)} of its size`,
  limit: '',
  action: 'Ask for less, or move a volume to another disk, before they grow into each other.',
  description: `The volumes on {{ $labels.path }}${onNode} were promised ${claimed}${sizeOfPlace}: not all of them can have what they asked for.`,
  runbook: {
    means:
      'Storage that is a directory of a node, as a local-path provisioner makes it, enforces no size: the volumes on one file system may have asked for more together than it has. Nothing is lost yet; FilesystemFillingUp tells when it is near.',
    steps: [
      'See what was asked for and what is used: the table of all volumes on the dashboard.',
      'Ask for less where it is never used, or move a volume: `kubectl get pvc -A`.',
      'Where it is meant so, say how much is: `alerts.FilesystemOvercommitted.threshold`, 1.5 for one and a half times the size.',
    ],
  },
  panel: { dashboard, panel: 'Promised of each file system' },
  object: 'path',
  impossible: withoutSizes,
  scenarios: [
    {
      title: 'a little more was promised than there is',
      fires: [place],
      since: 300,
      series: ({ threshold }) => [
        { metric: storage.filesystemClaimed, labels: place, values: steps([0.5, 300], [threshold + 0.01, 7200]) },
        { metric: metrics.filesystemClaimed.name, labels: place, values: always(120e9) },
        { metric: metrics.filesystemSize.name, labels: place, values: always(100e9) },
      ],
    },
    {
      title: 'exactly what there is was promised',
      fires: [],
      series: ({ threshold }) => [{ metric: storage.filesystemClaimed, labels: place, values: always(threshold) }],
    },
    { title: 'no volume is measured', fires: [], absent: true, series: () => [] },
  ],
};

/** Whether there is room below the volumes and backups, whoever takes it. */
export const filesystems: Topic = {
  name: 'filesystems',
  alerts: [filling, full, overcommitted],
  records: (context) => (withoutVolumes(context.stack) === undefined ? filesystemRecords(context) : []),
};
