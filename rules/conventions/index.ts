import type { Application, Convention as ConventionName } from '../../stack/types.ts';
import type { RecordingRule, RuleContext } from '../types.ts';
import { app } from '../vocabulary.ts';
import { type ApplicationSeries, type Convention, sum } from './convention.ts';
import { fastapiInstrumentator } from './fastapi-instrumentator.ts';
import { promClient } from './prom-client.ts';

const conventions: Readonly<Record<ConventionName, Convention>> = {
  'prom-client': promClient,
  'fastapi-instrumentator': fastapiInstrumentator,
};

/** Conventions that tell of the application's database connections. */
export const databaseConventions: ReadonlySet<ConventionName> = new Set(
  (Object.keys(conventions) as ConventionName[]).filter((name) => conventions[name].database),
);

/** The vocabulary for every application that is scraped, each from its own naming. */
export function applicationRecords(context: RuleContext): readonly RecordingRule[] {
  return context.stack.applications.flatMap((application) => recordsOf(context, application));
}

function recordsOf(context: RuleContext, { name, metrics, convention }: Application): readonly RecordingRule[] {
  if (metrics === null) return [];
  const series: ApplicationSeries = {
    window: context.window,
    metricsPath: metrics.path,
    select: (metric, matchers = '') =>
      context.select(metric, `application="${name}"${matchers === '' ? '' : `,${matchers}`}`),
  };
  return [...instances(series), ...(convention === null ? [] : conventions[convention].records(series))];
}

function instances({ select }: ApplicationSeries): readonly RecordingRule[] {
  const up = select('up');
  return [
    { record: app.instancesUp, expr: sum(up) },
    { record: app.instances, expr: `count by (namespace, application) (${up})` },
  ];
}
