import {
  type Application,
  type Convention as ConventionName,
  type DatabaseEngine,
  databaseEngines,
} from '../../stack/types.ts';
import type { RecordingRule, RuleContext } from '../types.ts';
import { app } from '../vocabulary.ts';
import {
  type ApplicationSeries,
  type Convention,
  type DatabaseConvention,
  type DatabaseSeries,
  sum,
} from './convention.ts';
import { fastapiInstrumentator } from './fastapi-instrumentator.ts';
import { mongodb } from './mongodb.ts';
import { postgres } from './postgres.ts';
import { promClient } from './prom-client.ts';
import { redis } from './redis.ts';

const conventions: Readonly<Record<ConventionName, Convention>> = {
  'prom-client': promClient,
  'fastapi-instrumentator': fastapiInstrumentator,
};

const engines: Readonly<Record<DatabaseEngine, DatabaseConvention>> = { postgres, mongodb, redis };

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

/** The vocabulary for all databases: each recording is said once, of one engine or of the other. */
export function databaseRecords({ stack, select, window }: RuleContext): readonly RecordingRule[] {
  const expressions = new Map<string, readonly string[]>();
  for (const engine of databaseEngines) {
    const names = stack.databases.filter((database) => database.engine === engine).map(({ name }) => name);
    if (names.length === 0) continue;
    const own = names.length === 1 ? `database="${names[0]}"` : `database=~"${names.join('|')}"`;
    const series: DatabaseSeries = {
      window,
      select: (metric, matchers = '') => select(metric, matchers === '' ? own : `${own},${matchers}`),
    };
    for (const { record, expr } of engines[engine](series)) {
      expressions.set(record, [...(expressions.get(record) ?? []), expr]);
    }
  }
  return [...expressions].map(([record, all]) => ({ record, expr: all.join(' or ') }));
}
