import { volumeMetrics as metrics } from '../../exporter/metrics/volume.ts';
import type { Stack } from '../../stack/types.ts';
import { always, ratioScenarios, steps } from '../scenarios.ts';
import { bytes, figure, found, latest, percent, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';
import { storage } from '../vocabulary.ts';
import { hasKubelets, volumeRecords } from '../volume-records.ts';

const dashboard = 'lookout-storage';
const claim = { claim_namespace: 'shop', claim: 'uploads' };

const ofClaim = 'claim_namespace=$claim_namespace,claim=$claim';
const usedOfSize =
  figure(`max(${latest({ name: storage.volumeUsedBytes }, ofClaim)})`, bytes(found)) +
  figure(`max(${latest({ name: storage.volumeSize }, ofClaim)})`, ` of ${bytes(found)}`);
const inWords = '{{ $labels.reason | reReplaceAll "_" " " }}';

export const withoutVolumes = (stack: Stack) => (stack.volumes.length === 0 ? 'no volume is declared' : undefined);
/** Of a claim that is asked for, the cluster tells the size. */
const withoutSizes = (stack: Stack) =>
  stack.volumes.some(({ requested, directory }) => requested !== null || directory === null || hasKubelets(stack))
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
  detail: `${percent(value)} full, ${usedOfSize}`,
  value: percent(value),
  action: 'See what grows and delete it, or enlarge the volume.',
  description: `Volume {{ $labels.claim }} holds ${usedOfSize} (${percent(value)}).`,
  runbook: {
    means:
      'The claim holds most of the size that was asked for. Where the storage enforces no size, nothing stops it there: it then takes the space of its neighbours. Of a claim that only the kubelet measures, the size is that of the file system on which it lies.',
    steps: volumeRunbook,
  },
  panel: { dashboard, panel: 'Volumes in use' },
  object: 'claim',
  impossible: withoutSizes,
  scenarios: ratioScenarios(storage.volumeUsed, claim, [
    { metric: storage.volumeUsedBytes, labels: claim, values: always(900e6) },
    { metric: storage.volumeSize, labels: claim, values: always(1e9) },
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

const inodes: Alert = {
  name: 'InodesRunningOut',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.9, unit: 'percentunit' },
  expr: ({ recent, threshold }) => `${recent(storage.volumeInodesUsed)} > ${threshold}`,
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
  scenarios: ratioScenarios(storage.volumeInodesUsed, claim, []),
};

const unmeasured: Alert = {
  name: 'VolumeUnmeasured',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `label_replace(max by (namespace, claim_namespace, claim, reason) (${recent(metrics.unmeasured)}), "source", "$1", "claim", "(.+)") > 0 unless on (namespace, claim_namespace, claim) ${recent(storage.volumeUsedBytes)}`,
  summary: 'volume {{ $labels.claim }} not measured',
  detail: inWords,
  value: '',
  action: 'Give the exporter a way to read the volume: mount, path or permission.',
  description: `Nothing is known of volume {{ $labels.claim }}: ${inWords}. It can fill up without another alert.`,
  runbook: {
    means:
      'Nobody has figures of a declared volume: neither an exporter beside it nor a kubelet. None of the other alerts can warn of it.',
    steps: [
      '`not_found`: is the path mounted where the environment says? `permission_denied`: as which user does the exporter run, or which right does it lack? `timeout`: the file system hangs, see SourceHung.',
      '`not_on_this_node`: no node has a directory of this claim; is it bound (`kubectl get pvc`), and does its class come from the provisioner whose directory is declared? `ambiguous`: directories of earlier volumes of the claim were kept. `no_statistics`: kubelets measure no volume of its kind, so the node role must. `not_bound`, `not_mounted`: no pod uses it.',
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
      title: 'no node has its directory, which several exporters say',
      fires: [{ ...claim, reason: 'not_on_this_node', source: 'uploads' }],
      since: 300,
      series: () =>
        ['node-1', 'node-2'].map((pod) => ({
          metric: metrics.unmeasured.name,
          labels: { ...claim, pod, reason: 'not_on_this_node' },
          values: steps([0, 300], [1, 3600]),
        })),
    },
    {
      title: 'the exporter of another node has figures of it',
      fires: [],
      series: () => [
        { metric: metrics.unmeasured.name, labels: { ...claim, reason: 'not_on_this_node' }, values: always(1) },
        { metric: storage.volumeUsedBytes, labels: claim, values: always(1e9) },
      ],
    },
    {
      title: 'only others have figures',
      fires: [{ ...claim, reason: 'not_found', source: 'uploads' }],
      since: 300,
      series: () => [
        {
          metric: metrics.unmeasured.name,
          labels: { ...claim, reason: 'not_found' },
          values: steps([0, 300], [1, 3600]),
        },
        { metric: storage.volumeUsedBytes, labels: { ...claim, claim: 'other' }, values: always(1e9) },
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

/** Whether there is room in each volume. */
export const volumes: Topic = {
  name: 'volumes',
  alerts: [filling, full, inodes, unmeasured],
  records: (context) => (withoutVolumes(context.stack) === undefined ? volumeRecords(context) : []),
};
