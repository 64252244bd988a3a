import * as units from '@grafana/grafana-foundation-sdk/units';
import { database as db } from '../rules/vocabulary.ts';
import type { DatabaseEngine, Stack } from '../stack/types.ts';
import { goodOrBad } from './kit/mappings.ts';
import { graph, problems, stat, states } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { above, goodFrom } from './kit/thresholds.ts';
import { severalOf } from './kit/variables.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const databases: DashboardSource = {
  uid: 'lookout-databases',
  title: 'Databases',
  description: 'Whether every database answers, how busy it is, and how far it is from its limits.',
  from: 'now-6h',
  variables: () => [chosen.variable()],
  impossible: ({ databases: declared }) => (declared.length === 0 ? 'no database is declared' : undefined),
  rows: [
    { title: 'Does each answer?', panels: [notAnswering, mostConnections, furthestBehind, fewestHits, stateOfEach] },
    { title: 'Load', panels: [operations, connectionsInUse, cacheHits, size] },
    { title: 'Replication', panels: [replicationLag] },
    {
      title: 'PostgreSQL',
      panels: [rolledBack, deadlocks, idleTransaction],
      impossible: without('postgres'),
    },
    { title: 'Redis', panels: [memoryInUse, persistence], impossible: without('redis') },
  ],
};

function without(engine: DatabaseEngine) {
  return ({ databases: declared }: Stack) =>
    declared.some((one) => one.engine === engine) ? undefined : `no database of engine ${engine} is declared`;
}

const chosen = severalOf('database', 'Database', 'The databases that are shown.', series(db.up));
const of = (record: string) => `max by (database) (${series(record, { database: chosen.selected })})`;
const legend = '{{database}}';
const silent = 'no exporter tells of it';

function notAnswering() {
  return problems(
    'Databases down',
    'Databases whose exporter gets no answer. The table says which.',
    silent,
    `1 - ${of(db.up)}`,
  );
}

function mostConnections({ limit }: PanelContext) {
  return stat(
    'Most connections in use',
    'Share of the connections that are allowed, of the database that is nearest to its limit.',
    {
      unit: units.PercentUnit,
      noValue: silent,
      decimals: 0,
      steps: above(limit('DatabaseConnectionsNearLimit')),
    },
    now(`max(${of(db.connectionsUsed)})`, 'in use'),
  );
}

function furthestBehind({ limit }: PanelContext) {
  return stat(
    'Replica furthest behind',
    'How old the answers of the slowest replica are.',
    { unit: units.Seconds, noValue: 'no replica', steps: above(limit('DatabaseReplicationLagging')) },
    now(`max(${of(db.replicationLag)})`, 'behind'),
  );
}

function fewestHits() {
  return stat(
    'Fewest cache hits',
    'Share of the reads that memory answered, of the database that reads most from its disk; of Redis, of the keys that were found.',
    { unit: units.PercentUnit, noValue: 'nothing is read', decimals: 1 },
    now(`min(${of(db.cacheHitRatio)})`, 'hits'),
  );
}

function stateOfEach({ limit }: PanelContext) {
  return table(
    'State of each database',
    'Every database that is declared, as its exporter sees it.',
    { noValue: '-', size: [24, 6] },
    {
      labels: { database: 'Database' },
      columns: [
        { name: 'State', expr: of(db.up), unit: units.Short, mappings: goodOrBad('answers', 'down') },
        { name: 'Connections', expr: of(db.connections), unit: units.Short },
        {
          name: 'In use',
          expr: of(db.connectionsUsed),
          unit: units.PercentUnit,
          decimals: 1,
          steps: above(limit('DatabaseConnectionsNearLimit')),
        },
        { name: 'Operations per second', expr: of(db.operationRate), unit: units.Short, decimals: 1 },
        { name: 'Cache hits', expr: of(db.cacheHitRatio), unit: units.PercentUnit, decimals: 1 },
        { name: 'Size', expr: of(db.size), unit: units.BytesIEC },
      ],
      sortBy: 'Database',
    },
  );
}

function operations() {
  return graph(
    'Operations',
    'Per second: transactions of PostgreSQL, commands of Redis, operations of MongoDB.',
    { unit: units.Short, noValue: silent, min: 0 },
    over(of(db.operationRate), legend),
  );
}

function connectionsInUse({ limit }: PanelContext) {
  return graph(
    'Connections in use',
    'Share of the connections that clients may have; the line is the limit of the alert.',
    { unit: units.PercentUnit, noValue: silent, min: 0, steps: above(limit('DatabaseConnectionsNearLimit')) },
    over(of(db.connectionsUsed), legend),
  );
}

function cacheHits() {
  return graph(
    'Cache hits',
    'Share of the reads that memory answered; of Redis, of the keys that were found. A fall without more load: the data has outgrown the memory.',
    { unit: units.PercentUnit, noValue: 'nothing is read', max: 1 },
    over(of(db.cacheHitRatio), legend),
  );
}

function size() {
  return graph(
    'Size',
    'Bytes of all data on disk, of Redis in memory.',
    { unit: units.BytesIEC, noValue: silent, min: 0 },
    over(of(db.size), legend),
  );
}

function replicationLag({ limit }: PanelContext) {
  return graph(
    'Replication lag',
    'How far the slowest replica of each database is behind; the line is the limit of the alert.',
    { unit: units.Seconds, noValue: 'no replica', min: 0, steps: above(limit('DatabaseReplicationLagging')) },
    over(of(db.replicationLag), legend),
  );
}

function rolledBack() {
  return graph(
    'Rolled back',
    'Share of the transactions that were rolled back. More than usual: the application runs into errors.',
    { unit: units.PercentUnit, noValue: 'no transactions', min: 0, size: [8, 8] },
    over(of(db.rollbackRatio), legend),
  );
}

function deadlocks({ limit }: PanelContext) {
  return graph(
    'Deadlocks',
    'Transactions within the last minutes that were ended because they waited for each other.',
    { unit: units.Short, noValue: silent, min: 0, size: [8, 8], steps: above(limit('DatabaseDeadlocks')) },
    over(of(db.deadlocks), legend),
  );
}

function idleTransaction({ limit }: PanelContext) {
  return graph(
    'Oldest idle transaction',
    'Since when the oldest transaction is open whose client does nothing; it keeps its locks.',
    { unit: units.Seconds, noValue: silent, min: 0, size: [8, 8], steps: above(limit('DatabaseTransactionForgotten')) },
    over(of(db.idleTransaction), legend),
  );
}

function memoryInUse({ limit }: PanelContext) {
  return graph(
    'Memory in use',
    'Share of maxmemory, of databases that refuse new data when it is reached; the line is the limit of the alert.',
    {
      unit: units.PercentUnit,
      noValue: 'none has a limit at which it refuses data',
      min: 0,
      steps: above(limit('DatabaseMemoryNearLimit')),
    },
    over(of(db.memoryUsed), legend),
  );
}

function persistence() {
  return states(
    'Persistence',
    'Whether the last snapshot and the append-only file were written.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('written', 'failed'), steps: goodFrom(1) },
    over(of(db.persistenceOk), legend),
  );
}
