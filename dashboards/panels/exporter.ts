import * as units from '@grafana/grafana-foundation-sdk/units';
import { selfMetrics as exporter } from '../../exporter/metrics/self.ts';
import { goodOrBad, words } from '../kit/mappings.ts';
import { graph } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { series } from '../kit/selectors.ts';
import { table } from '../kit/table.ts';
import { above, colours } from '../kit/thresholds.ts';
import type { PanelContext } from '../types.ts';

const sourceUp = `min by (collector, source) (${series(exporter.sourceUp)})`;

export function collectors({ limit }: PanelContext) {
  return graph(
    'Collectors',
    'Time since each collector of the exporter last read all of its sources; the line is the limit of the alert.',
    { unit: units.Seconds, noValue: 'no collection was complete yet', min: 0, steps: above(limit('CollectorFailing')) },
    over(`time() - max by (collector) (${series(exporter.collectorLastSuccess)} > 0)`, '{{collector}}'),
  );
}

export function collectionDuration() {
  return graph(
    'Collection duration',
    'How long each collector took the last time.',
    { unit: units.Seconds, noValue: 'the exporter is not scraped', min: 0 },
    over(`max by (collector) (${series(exporter.collectorDuration)})`, '{{collector}}'),
  );
}

export function sources() {
  const hungSince = `max by (collector, source) (${series(exporter.sourceHungSince)})`;
  return table(
    'Sources',
    'Every declared backup, volume and certificate: can it be read, and is reading it stuck.',
    { noValue: '-', size: [12, 8] },
    {
      labels: { collector: 'Collector', source: 'Source' },
      columns: [
        { name: 'State', expr: sourceUp, unit: units.Short, mappings: goodOrBad('readable', 'unreadable') },
        {
          name: 'Hung for',
          expr: `(time() - ${hungSince}) * (${hungSince} > bool 0)`,
          unit: units.Seconds,
          mappings: words({ text: 'not hung', color: colours.good }, {}).slice(0, 1),
        },
      ],
      sortBy: 'State',
    },
  );
}

export function failures() {
  const failed = `sum by (collector, source, reason) (increase(${series(exporter.sourceErrors)}[$__range]))`;
  return table(
    'Failed readings',
    'Readings that failed during the time shown, and why.',
    { noValue: 'none', size: [12, 8] },
    {
      labels: { collector: 'Collector', source: 'Source', reason: 'Reason' },
      columns: [{ name: 'Failed', expr: `${failed} > 0`, unit: units.Short, decimals: 0 }],
      sortBy: 'Failed',
      descending: true,
    },
  );
}
