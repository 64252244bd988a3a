import * as units from '@grafana/grafana-foundation-sdk/units';
import { volumeMetrics as metrics } from '../../exporter/metrics/volume.ts';
import { storage as records } from '../../rules/vocabulary.ts';
import { bars, graph } from '../kit/panels.ts';
import { now, over } from '../kit/queries.ts';
import { series } from '../kit/selectors.ts';
import { above, badRising } from '../kit/thresholds.ts';
import type { PanelContext } from '../types.ts';

const place = 'by (node, path)';
const silent = 'the exporter says nothing of it';
export const filesystemShare = `max ${place} (${series(records.filesystemUsed)})`;
export const filesystemSteps = ({ limit }: PanelContext) =>
  badRising(limit('FilesystemFillingUp').value, limit('FilesystemFull').value);

export function filesystemsInUse(context: PanelContext) {
  return graph(
    'File systems in use',
    'Share in use of each file system below a declared directory; the lines are the limits of the alerts.',
    { unit: units.PercentUnit, noValue: silent, min: 0, max: 1, steps: filesystemSteps(context) },
    over(filesystemShare, '{{node}} {{path}}'),
  );
}

export function filesystemsLeft() {
  return graph(
    'Left on file systems',
    'Bytes still free for an ordinary user.',
    { unit: units.BytesIEC, noValue: silent, min: 0 },
    over(`min ${place} (${series(metrics.filesystemAvailable)})`, '{{node}} {{path}}'),
  );
}

export function promised({ limit }: PanelContext) {
  return bars(
    'Promised of each file system',
    'The sizes that volumes asked for, together, as a share of the file system they lie on. Above 100 % not all can be kept.',
    {
      unit: units.PercentUnit,
      noValue: 'no volume declares its size',
      decimals: 0,
      min: 0,
      steps: above(limit('FilesystemOvercommitted')),
    },
    now(`max ${place} (${series(records.filesystemClaimed)})`, '{{node}} {{path}}'),
  );
}
