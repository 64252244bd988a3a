import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { formatDuration } from '../common/durations.ts';
import { volumeMetrics as metrics } from '../exporter/metrics/volume.ts';
import { storage as records } from '../rules/vocabulary.ts';
import { words } from './kit/mappings.ts';
import { bars, graph, problems, stat } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { above, badRising, colours } from './kit/thresholds.ts';
import { severalOf } from './kit/variables.ts';
import { filesystemShare, filesystemSteps, filesystemsInUse, filesystemsLeft, promised } from './panels/filesystems.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const storage: DashboardSource = {
  uid: 'lookout-storage',
  title: 'Storage',
  description: 'How full every volume and file system is, and when it will be full.',
  from: 'now-7d',
  variables: () => [claim.variable()],
  impossible: (stack) => (stack.volumes.length === 0 ? 'no volume is declared' : undefined),
  rows: [
    {
      title: 'Is there room everywhere?',
      panels: [overLimit, fullest, firstFull, fullestFilesystem, fewestInodes, notMeasured, stateOfEach],
    },
    { title: 'Volumes', panels: [inUse, usedAndRequested, growth, timeLeft] },
    { title: 'File systems below', panels: [filesystemsInUse, filesystemsLeft, promised, inodesInUse] },
    { title: 'Coverage', panels: [unmeasured, measuredAgo] },
  ],
};

const claim = severalOf('claim', 'Volume', 'The volumes that are shown.', series(metrics.info));
const selected = { claim: claim.selected };
const each = 'by (claim_namespace, claim)';
const silent = 'the exporter says nothing of it';
const year = 365 * 86_400;

const used = `max ${each} (${series(records.volumeUsedBytes, selected)})`;
const size = `max ${each} (${series(records.volumeSize, selected)})`;
const requested = `max ${each} (${series(metrics.requested, selected)})`;
const share = `max ${each} (${series(records.volumeUsed, selected)})`;
const available = `min ${each} (${series(metrics.available, selected)})`;
const inodeShare = `max ${each} (${series(records.volumeInodesUsed, selected)})`;
const measuredAt = `max ${each} (${series(metrics.measured, selected)} > 0)`;
/** 1 with its reason for each volume that nobody has figures of, 0 for each other. */
const unmeasuredOrNot = [
  `(max by (claim_namespace, claim, reason) (${series(metrics.unmeasured, selected)} > 0) unless on (claim_namespace, claim) ${series(records.volumeUsedBytes)})`,
  `0 * max ${each} (${series(metrics.info, selected)})`,
].join(' or on (claim_namespace, claim) ');

/** Bytes per second, the straight line through the last six hours (of production). */
const growing = ({ stack }: PanelContext) =>
  `max ${each} (deriv(${series(records.volumeUsedBytes, selected)}[${formatDuration((6 * 3600) / stack.pace)}]))`;

/** Seconds until the volume is full if it grows on like that, at most a year. */
const fullIn = (context: PanelContext) =>
  `clamp(((${size}) - ${used}) / clamp_min(${growing(context)}, 1), 0, ${year})`;
const notInSight: ValueMapping = {
  type: MappingType.RangeToText,
  options: { from: year, to: null, result: { text: 'not within a year', color: colours.good } },
};

const volumeSteps = ({ limit }: PanelContext) => badRising(limit('VolumeFillingUp').value, limit('VolumeFull').value);

function overLimit({ limit }: PanelContext) {
  return problems(
    'Volumes filling up',
    'Volumes that use more of the size they asked for than the alert allows. The table says which.',
    'no volume declares its size',
    `${share} > bool ${limit('VolumeFillingUp').value}`,
  );
}

function fullest(context: PanelContext) {
  return stat(
    'Fullest volume',
    'Share of the requested size that the fullest volume uses.',
    { unit: units.PercentUnit, noValue: 'no volume declares its size', decimals: 1, steps: volumeSteps(context) },
    now(`max(${share})`, 'used'),
  );
}

function firstFull(context: PanelContext) {
  return stat(
    'First volume full in',
    'When the first volume would be full if each went on growing as it did during the last hours.',
    { unit: units.Seconds, noValue: 'no volume declares its size', mappings: [notInSight] },
    now(`min(${fullIn(context)})`, 'full in'),
  );
}

function fullestFilesystem(context: PanelContext) {
  return stat(
    'Fullest file system',
    'Share in use of the fullest file system below a declared directory, whatever lies on it.',
    { unit: units.PercentUnit, noValue: silent, decimals: 1, steps: filesystemSteps(context) },
    now(`max(${filesystemShare})`, 'used'),
  );
}

function fewestInodes({ limit }: PanelContext) {
  return stat(
    'Most inodes in use',
    'Without a free inode no file can be made, however much space is left.',
    { unit: units.PercentUnit, noValue: silent, decimals: 1, steps: above(limit('InodesRunningOut')) },
    now(`max(${inodeShare})`, 'used'),
  );
}

function notMeasured() {
  return problems(
    'Volumes out of sight',
    'Declared volumes that cannot be measured. The reasons stand at the end of this page.',
    silent,
    unmeasuredOrNot,
  );
}

function stateOfEach(context: PanelContext) {
  return table(
    'State of each volume',
    'What each volume uses of the size it asked for; what is left on the file system below it counts as well.',
    { noValue: '-', size: [24, 6] },
    {
      labels: { claim_namespace: 'Namespace', claim: 'Volume' },
      columns: [
        { name: 'In use', expr: share, unit: units.PercentUnit, decimals: 1, steps: volumeSteps(context) },
        { name: 'Used', expr: used, unit: units.BytesIEC },
        { name: 'Requested', expr: requested, unit: units.BytesIEC },
        { name: 'Full in', expr: fullIn(context), unit: units.Seconds, mappings: [notInSight] },
        { name: 'Left below', expr: available, unit: units.BytesIEC },
        { name: 'Inodes in use', expr: inodeShare, unit: units.PercentUnit, decimals: 1 },
        { name: 'Measured', expr: `${measuredAt} * 1000`, unit: units.DatetimeISO },
      ],
      sortBy: 'In use',
      descending: true,
    },
  );
}

function inUse(context: PanelContext) {
  return graph(
    'Volumes in use',
    'Share of the requested size; the lines are the limits of the alerts.',
    { unit: units.PercentUnit, noValue: 'no volume declares its size', min: 0, steps: volumeSteps(context) },
    over(share, '{{claim}}'),
  );
}

function usedAndRequested() {
  return graph(
    'Used and requested',
    'Bytes in use and the size that was asked for.',
    { unit: units.BytesIEC, noValue: silent, min: 0 },
    over(used, '{{claim}}'),
    over(requested, '{{claim}} requested'),
  );
}

function growth(context: PanelContext) {
  return graph(
    'Growth',
    'How fast each volume grows: the straight line through its last hours.',
    { unit: units.BytesPerSecondIEC, noValue: silent },
    over(growing(context), '{{claim}}'),
  );
}

function timeLeft(context: PanelContext) {
  return bars(
    'Full in',
    'Time until each volume is full if it goes on growing like that.',
    { unit: units.Seconds, noValue: 'no volume declares its size', mappings: [notInSight] },
    now(fullIn(context), '{{claim}}'),
  );
}

function inodesInUse({ limit }: PanelContext) {
  return graph(
    'Inodes in use',
    'Share of the inodes below each volume; the line is the limit of the alert.',
    {
      unit: units.PercentUnit,
      noValue: 'the file systems count no inodes',
      min: 0,
      steps: above(limit('InodesRunningOut')),
    },
    over(inodeShare, '{{claim}}'),
  );
}

function unmeasured() {
  const mappings = words({ text: 'measured', color: colours.good }, { text: 'not measured', color: colours.bad });
  return table(
    'Volumes not measured',
    'Every declared volume, and the reason where it cannot be measured: of such a volume nothing is known.',
    { noValue: '-', size: [12, 8] },
    {
      labels: { claim_namespace: 'Namespace', claim: 'Volume', reason: 'Reason' },
      columns: [{ name: 'State', expr: unmeasuredOrNot, unit: units.Short, mappings }],
      sortBy: 'State',
      descending: true,
    },
  );
}

function measuredAgo() {
  return graph(
    'Since the last measurement',
    'A large volume takes long to walk; figures that get older and older mean that its walk does not end.',
    { unit: units.Seconds, noValue: 'nothing measured yet', min: 0 },
    over(`time() - ${measuredAt}`, '{{claim}}'),
  );
}
