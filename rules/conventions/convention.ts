import type { RecordingRule } from '../types.ts';
import { app } from '../vocabulary.ts';

/** How one way of naming request metrics becomes the one vocabulary (`rules/vocabulary.ts`). */
export interface Convention {
  /** Whether it tells of the application's database connections. */
  readonly database: boolean;
  readonly records: (application: ApplicationSeries) => readonly RecordingRule[];
}

/** The series of one application. */
export interface ApplicationSeries {
  readonly select: (metric: string, matchers?: string) => string;
  /** The rate window in force as a PromQL duration. */
  readonly window: string;
  /** Where its metrics are scraped, for libraries that count the scrapes among the requests. */
  readonly metricsPath: string;
}

/** The recordings of one database, from the metrics that the exporter of its engine gives. */
export type DatabaseConvention = (series: DatabaseSeries) => readonly RecordingRule[];

/** The series of one database. */
export type DatabaseSeries = Pick<ApplicationSeries, 'select' | 'window'>;

/** `<operator> by (namespace, database) (<expression>)`. */
export function ofDatabase(operator: 'sum' | 'min' | 'max', expression: string): string {
  return `${operator} by (namespace, database) (${expression})`;
}

/**
 * 1 while the exporter says that its database answers, 0 while it says that it does not, or says nothing: one that waits for a
 * database out of reach answers nobody in time.
 */
export function answering({ select }: DatabaseSeries, metric: string): string {
  return `${ofDatabase('min', select(metric))} or 0 * ${ofDatabase('min', select('up'))}`;
}

/** What every recording keeps. */
export const identity = 'namespace, application';

/** Summed over the instances: `sum by (namespace, application, <more>) (<expression>)`. */
export function sum(expression: string, ...more: readonly string[]): string {
  return `sum by (${[identity, ...more].join(', ')}) (${expression})`;
}

/**
 * Share of the failed among all, 0 to 1; `all` is the recording of the same labels. 0 also where no failure was ever
 * counted (the series then does not exist), and nothing where there were no requests.
 */
export function share(failed: string, all: string): string {
  return `(${failed} or 0 * ${all}) / (${all} > 0)`;
}

/** A quantile of a classic histogram; source: Prometheus documentation, `histogram_quantile`. */
export function quantile(fraction: number, buckets: string, window: string, ...more: readonly string[]): string {
  return `histogram_quantile(${fraction}, ${sum(`rate(${buckets}[${window}])`, ...more, 'le')})`;
}

/** Memory and processor time; the default process metrics of the Prometheus client libraries have the same names everywhere. */
export function processUse({ select, window }: ApplicationSeries): readonly RecordingRule[] {
  return [
    { record: app.memory, expr: sum(select('process_resident_memory_bytes')) },
    { record: app.cpu, expr: sum(`rate(${select('process_cpu_seconds_total')}[${window}])`) },
  ];
}
