import { backupMetrics } from '../../../exporter/metrics/backup.ts';
import { certificateMetrics } from '../../../exporter/metrics/certificate.ts';
import { selfMetrics } from '../../../exporter/metrics/self.ts';
import { volumeMetrics } from '../../../exporter/metrics/volume.ts';
import type { PartClient } from '../types.ts';
import { queryVector, type Sample } from './ask.ts';

type Labels = Readonly<Record<string, string>>;

/** The exporter's latest figures as Prometheus has them. */
export interface Series {
  /** The first value of a family whose labels include these; null when there is none or it is not finite. */
  readonly value: (family: { readonly name: string }, labels: Labels) => number | null;
  /** All samples of a family whose labels include these. */
  readonly all: (family: { readonly name: string }, labels: Labels) => readonly Sample[];
}

const families = [
  ...Object.values(backupMetrics),
  ...Object.values(volumeMetrics),
  ...Object.values(certificateMetrics),
  selfMetrics.sourceUp,
  selfMetrics.sourceErrors,
];

export async function askSeries(prometheus: PartClient, namespace: string): Promise<Series> {
  const names = families.map(({ name }) => name).join('|');
  return series(await queryVector(prometheus, `{__name__=~"${names}",namespace="${namespace}"}`));
}

export function series(samples: readonly Sample[]): Series {
  const byName = Map.groupBy(samples, ({ metric }) => metric['__name__'] ?? '');
  const all: Series['all'] = ({ name }, labels) =>
    (byName.get(name) ?? []).filter(({ metric }) =>
      Object.entries(labels).every(([label, wanted]) => metric[label] === wanted),
    );
  const value: Series['value'] = (family, labels) => {
    const number = Number(all(family, labels)[0]?.value[1] ?? Number.NaN);
    return Number.isFinite(number) ? number : null;
  };
  return { value, all };
}
