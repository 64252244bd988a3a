import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleContext } from '../../rules/context.ts';
import { topics } from '../../rules/index.ts';
import { always, grows, sampleInterval } from '../../rules/scenarios.ts';
import { inputSeries } from '../../rules/suites.ts';
import type { InputSeries, Labels, RecordingRule } from '../../rules/types.ts';
import { app, backup, database, db, storage, telemetry } from '../../rules/vocabulary.ts';
import {
  type Application,
  type Convention,
  type DatabaseEngine,
  type Stack,
  telemetryJobs,
} from '../../stack/types.ts';
import { parseExposition } from '../support/exposition.ts';
import { generations, installed } from '../support/programs.ts';
import { productionStack, telemetryStack } from '../support/stacks.ts';
import { mutate } from './mutants.ts';
import { failures, selector, testRules } from './promtool.ts';

/** By recording: the samples that it is to have, each as its labels and its value. */
type Expected = Readonly<Record<string, readonly (readonly [labels: Labels, value: number])[]>>;

interface Situation {
  readonly series: readonly InputSeries[];
  readonly expected: Expected;
}

/** A counter of the collector that grows by so much with each sample. */
function counted(metric: string, labels: Labels, increment: number): InputSeries {
  return { metric: `otelcol_${metric}_total`, labels, values: grows(increment) };
}

function ofSignal(signal: string): Labels {
  return { job: telemetryJobs.collector, signal };
}

const nothingSent = [
  [ofSignal('traces'), 0],
  [ofSignal('metrics'), 0],
  [{ job: telemetryJobs.jaeger, signal: 'traces' }, 0],
] as const;

interface Group {
  readonly name: string;
  readonly stack: Stack;
  readonly situations: readonly Situation[];
}

const shop = { application: 'shop' };
const shopDatabase = { database: 'shop' };
const claim = { claim_namespace: 'shop', claim: 'uploads' };
const place = { node: 'node-1', path: '/srv' };

const groups: readonly Group[] = [
  {
    name: 'prom-client',
    stack: withConvention('prom-client'),
    situations: [
      {
        series: [
          ...requestsOf('http_request_duration_seconds_count', { status_code: '200' }, { status_code: '500' }, 'route'),
          ...histogramsOf('route'),
          ...each('http_requests_in_flight', {}, always(3)),
          ...each('db_pool_connections', { state: 'in_use' }, always(4)),
          ...each('db_pool_connections', { state: 'idle' }, always(6)),
          ...each('db_pool_connections_max', {}, always(10)),
          ...histogram('db_pool_wait_seconds', {}),
          ...histogram('db_query_duration_seconds', { operation: 'read' }),
          ...processSeries(),
        ],
        expected: {
          ...applicationValues(),
          [db.connectionsInUse]: [[shop, 8]],
          [db.connectionsMax]: [[shop, 20]],
          [db.connectionWaitP95]: [[shop, 0.75]],
          [db.queryP95]: [[shop, 0.75]],
        },
      },
      ...withoutFailures('http_request_duration_seconds_count', { status_code: '200' }),
    ],
  },
  {
    name: 'fastapi-instrumentator',
    stack: withConvention('fastapi-instrumentator'),
    situations: [
      {
        series: [
          ...requestsOf('http_requests_total', { status: '2xx' }, { status: '5xx' }, 'handler'),
          ...each('http_requests_total', { method: 'GET', handler: '/prometheus', status: '2xx' }, grows(15)),
          ...each('http_requests_total', { method: 'GET', handler: '/prometheus', status: '5xx' }, grows(15)),
          ...histogramsOf('handler'),
          ...histogram('http_request_duration_seconds', { method: 'GET', handler: '/prometheus' }),
          ...histogram('http_request_duration_highr_seconds', {}),
          ...each('http_requests_inprogress', {}, always(3)),
          ...processSeries(),
        ],
        expected: applicationValues(),
      },
      ...withoutFailures('http_requests_total', { status: '2xx' }),
    ],
  },
  {
    name: 'an application of unknown naming',
    stack: withConvention(null),
    situations: [
      { series: processSeries(), expected: { [app.instancesUp]: [[shop, 1]], [app.instances]: [[shop, 2]] } },
    ],
  },
  { name: 'postgres', stack: withDatabase('postgres'), situations: postgresSituations() },
  { name: 'redis', stack: withDatabase('redis'), situations: redisSituations() },
  { name: 'mongodb', stack: withDatabase('mongodb'), situations: mongodbSituations() },
  {
    name: 'storage',
    stack: productionStack,
    situations: [{ series: storageSeries(), expected: storageValues([]) }],
  },
  {
    name: 'file systems',
    stack: productionStack,
    situations: [
      {
        series: [
          single('lookout_filesystem_available_bytes', place, 25),
          single('lookout_filesystem_size_bytes', place, 100),
          single('lookout_filesystem_claimed_bytes', place, 128),
          ...['available', 'size', 'claimed'].map((figure) =>
            single(`lookout_filesystem_${figure}_bytes`, { ...place, path: '/gone' }, 0),
          ),
        ],
        expected: { [storage.filesystemUsed]: [[place, 0.75]], [storage.filesystemClaimed]: [[place, 1.28]] },
      },
    ],
  },
  {
    name: 'storage where Prometheus scrapes the kubelets',
    stack: withKubelets(),
    situations: [
      {
        series: [
          ...storageSeries(),
          ...kubeletOf({ namespace: 'shop', persistentvolumeclaim: 'uploads' }, 50, 100),
          ...kubeletOf({ namespace: 'shop', persistentvolumeclaim: 'shared' }, 50, 100),
          ...kubeletOf({ namespace: 'blog', persistentvolumeclaim: 'uploads' }, 25, 100),
          ...kubeletOf({ namespace: 'monitoring', persistentvolumeclaim: 'lookout' }, 10, 200),
          ...kubeletOf({ namespace: 'blog', persistentvolumeclaim: 'empty' }, 0, 0),
        ],
        expected: storageValues([
          { claim: { ...claim, claim_namespace: 'blog' }, used: 25, size: 100, inodes: 0.5 },
          { claim: { claim_namespace: 'monitoring', claim: 'lookout' }, used: 10, size: 200, inodes: 0.1 },
        ]),
      },
    ],
  },
  {
    name: 'telemetry',
    stack: telemetryStack,
    situations: [
      {
        series: [telemetryJobs.collector, telemetryJobs.jaeger, 'other'].map((job) => ({
          metric: 'up',
          labels: { job },
          values: always(1),
        })),
        expected: Object.fromEntries(Object.values(telemetry).map((record) => [record, nothingSent])),
      },
      {
        series: [
          ...['http', 'grpc'].flatMap((transport) => [
            counted('receiver_accepted_spans', { job: telemetryJobs.collector, transport }, 30),
            counted('receiver_accepted_metric_points', { job: telemetryJobs.collector, transport }, 45),
            counted('receiver_refused_spans', { job: telemetryJobs.collector, transport }, 3),
            counted('receiver_refused_metric_points', { job: telemetryJobs.collector, transport }, 6),
          ]),
          counted('receiver_accepted_spans', { job: telemetryJobs.jaeger, transport: 'grpc' }, 15),
          counted('receiver_refused_spans', { job: telemetryJobs.jaeger, transport: 'grpc' }, 9),
          counted('exporter_send_failed_spans', { job: telemetryJobs.collector, exporter: 'otlp_grpc' }, 15),
          counted('exporter_enqueue_failed_spans', { job: telemetryJobs.collector, exporter: 'otlp_grpc' }, 30),
          counted('exporter_send_failed_metric_points', { job: telemetryJobs.collector, exporter: 'prometheus' }, 6),
          counted('exporter_enqueue_failed_metric_points', { job: telemetryJobs.collector, exporter: 'prometheus' }, 3),
          { metric: 'up', labels: { job: telemetryJobs.collector }, values: always(1) },
          { metric: 'up', labels: { job: telemetryJobs.jaeger }, values: always(1) },
          { metric: 'up', labels: { job: 'other' }, values: always(1) },
          ...['receiver_accepted', 'receiver_refused', 'exporter_send_failed', 'exporter_enqueue_failed'].flatMap(
            (what) => ['spans', 'metric_points'].map((items) => counted(`${what}_${items}`, { job: 'other' }, 150)),
          ),
        ],
        expected: {
          [telemetry.accepted]: [
            [ofSignal('traces'), 4],
            [ofSignal('metrics'), 6],
            [{ job: telemetryJobs.jaeger, signal: 'traces' }, 1],
          ],
          [telemetry.refused]: [
            [ofSignal('traces'), 0.4],
            [ofSignal('metrics'), 0.8],
            [{ job: telemetryJobs.jaeger, signal: 'traces' }, 0.6],
          ],
          [telemetry.lost]: [
            [ofSignal('traces'), 3],
            [ofSignal('metrics'), 0.6],
            [{ job: telemetryJobs.jaeger, signal: 'traces' }, 0],
          ],
        },
      },
    ],
  },
  {
    name: 'retention',
    stack: productionStack,
    situations: [
      {
        series: [],
        expected: {
          [backup.retentionFloor]: [[{ backup: 'shop-database' }, 3]],
          [backup.retentionAge]: [[{ backup: 'shop-database' }, 1800]],
        },
      },
    ],
  },
];

describe.each(groups)('the recordings of $name', ({ stack, situations }) => {
  const rules = recordsOf(stack, Object.keys(situations[0]?.expected ?? {})[0] ?? '');

  test.each(generations)('have the values that follow from their series ($name)', ({ promtool }) => {
    const expected = situations.flatMap((one) => Object.keys(one.expected));
    expect(new Set(rules.map(({ record }) => record))).toEqual(new Set(expected));
    const suites = situations.map((situation) => ({ rules, tests: [recordTest(stack, situation)] }));
    expect(testRules(promtool, stack, suites)).toBe('');
  });

  test('differ with anything wrong in them', () => {
    const mutants = rules.flatMap((rule) =>
      mutate(rule.expr, 0, ['namespace', 'application', 'database', 'handler']).map(({ what, expr }, index) => ({
        of: rule.record,
        what,
        rule: { ...rule, record: `${rule.record}:${index}`, expr },
      })),
    );
    const tests = situations.map(({ series, expected }) => {
      const tested = mutants.filter(({ of }) => of in expected);
      const values = tested.map(({ of, rule }) => [rule.record, expected[of] ?? []] as const);
      return recordTest(stack, { series: [...series, ...recordedElsewhere()], expected: Object.fromEntries(values) });
    });
    const suites = [{ rules: [...rules, ...mutants.map(({ rule }) => rule)], tests }];
    const killed = failures(testRules(installed.promtool, stack, suites));
    const survivors = mutants.filter(({ rule }) => !killed.has(inThousandths(rule.record)));
    expect(survivors.map(({ what, rule }) => `${what}: ${rule.expr}`)).toEqual([]);
  });
});

describe.each(['prom-client', 'fastapi-instrumentator'] as const)('what %s really exposes', (convention) => {
  const stack = withConvention(convention);
  const rules = recordsOf(stack, app.requestRate);
  const window = stack.intervals.rateWindow;

  test('gives every recording a value, and the share of the failed requests', () => {
    const values = [
      { expr: `round(1000 * ${app.errorRatio})`, labels: shop, value: 200 },
      { expr: `round(${app.requestRate} * ${window})`, labels: shop, value: 30 },
      ...rules.map(({ record }) => ({ expr: `sum(${record} > -1) > bool -1`, labels: {}, value: 1 })),
    ];
    const tests = [
      {
        interval: `${sampleInterval}s`,
        input_series: recorded(convention, window / sampleInterval).map((one) => inputSeries(stack, one)),
        promql_expr_test: values.map(({ expr, labels, value }) => ({
          expr,
          eval_time: `${2 * window}s`,
          exp_samples: [
            { labels: labels === shop ? selector('', { namespace: stack.namespace, ...shop }) : '{}', value },
          ],
        })),
      },
    ];
    expect(testRules(installed.promtool, stack, [{ rules, tests }])).toBe('');
  });
});

/** The samples of both recordings as series: they grow from the first to the second within one window, and so on. */
function recorded(convention: Convention, samples: number): readonly InputSeries[] {
  const read = (moment: string) =>
    parseExposition(
      readFileSync(join(import.meta.dirname, '../fixtures/rules', convention, `${moment}.prom`), 'utf8'),
    ).filter(({ value }) => Number.isFinite(value));
  const first = new Map(read('before').map(({ name, labels, value }) => [selector(name, labels), value]));
  const series = read('after').map(({ name, labels, value }) => {
    const before = first.get(selector(name, labels)) ?? 0;
    return { name, labels, before, step: (value - before) / samples };
  });
  return [
    ...series.map(({ name, labels, before, step }) => ({
      metric: name,
      labels: { ...shop, ...labels },
      values: `${before.toFixed(9)}${step < 0 ? '-' : '+'}${Math.abs(step).toFixed(9)}x${3 * samples}`,
    })),
    { metric: 'up', labels: shop, values: always(1) },
  ];
}

/** Values are compared in whole thousandths. */
function recordTest(stack: Stack, { series, expected }: Situation): object {
  const namespace = { namespace: stack.namespace };
  return {
    interval: `${sampleInterval}s`,
    input_series: [...series, ...decoys(series)].map((one) => inputSeries(stack, one)),
    promql_expr_test: Object.entries(expected).map(([record, samples]) => ({
      expr: inThousandths(record),
      eval_time: '10m',
      exp_samples: samples.map(([labels, value]) => ({
        labels: selector('', { ...namespace, ...labels }),
        value: Math.round(value * 1000),
      })),
    })),
  };
}

function inThousandths(record: string): string {
  return `round(1000 * ${record})`;
}

/** The same series of another application or database, and of another namespace. */
function decoys(series: readonly InputSeries[]): readonly InputSeries[] {
  const given = series.filter(({ metric }) => !metric.includes(':'));
  return given.flatMap((one) => [
    ...(one.labels['database'] !== undefined ? [{ ...one, labels: { ...one.labels, database: 'other' } }] : []),
    ...(one.labels['application'] !== undefined ? [{ ...one, labels: { ...one.labels, application: 'other' } }] : []),
    { ...one, labels: { ...one.labels, namespace: 'elsewhere' } },
  ]);
}

function recordsOf(stack: Stack, record: string): readonly RecordingRule[] {
  const all = topics.map(({ records }) => records?.(ruleContext(stack)) ?? []);
  return all.find((records) => records.some((one) => one.record === record)) ?? [];
}

function withConvention(convention: Convention | null): Stack {
  const [application] = productionStack.applications as readonly [Application];
  return { ...productionStack, applications: [{ ...application, convention }] };
}

function withDatabase(engine: DatabaseEngine): Stack {
  return { ...productionStack, databases: [{ name: 'shop', engine, exporter: 'exporter:1', access: null }] };
}

/** What an exporter tells of its one database. */
function told(metric: string, values: number | string, labels: Labels = {}): InputSeries {
  const own = { ...shopDatabase, job: 'lookout-database-shop', instance: 'a' };
  return { metric, labels: { ...own, ...labels }, values: typeof values === 'number' ? always(values) : values };
}

/** Of the one database; nothing where no value is given. */
function ofShop(values: Readonly<Record<string, number | null>>): Expected {
  return Object.fromEntries(
    Object.entries(values).map(([record, value]) => [record, value === null ? [] : [[shopDatabase, value]]]),
  );
}

/** A busy replica; then a primary that nobody uses. */
function postgresSituations(): readonly Situation[] {
  const busy = [
    told('pg_up', 1),
    told('up', 1),
    told('pg_stat_activity_count', 3, { datname: 'shop', state: 'active' }),
    told('pg_stat_activity_count', 5, { datname: 'shop', state: 'idle' }),
    told('pg_settings_max_connections', 19),
    told('pg_settings_superuser_reserved_connections', 3),
    told('pg_stat_database_xact_commit', grows(18 * sampleInterval), { datname: 'shop' }),
    told('pg_stat_database_xact_rollback', grows(2 * sampleInterval), { datname: 'shop' }),
    told('pg_stat_database_blks_hit', grows(19 * sampleInterval), { datname: 'shop' }),
    told('pg_stat_database_blks_read', grows(sampleInterval), { datname: 'shop' }),
    told('pg_database_size_bytes', 100, { datname: 'shop' }),
    told('pg_database_size_bytes', 20, { datname: 'postgres' }),
    told('pg_replication_lag_seconds', 7),
    told('pg_replication_is_replica', 1),
    told('pg_stat_database_deadlocks', grows(1), { datname: 'shop' }),
    told('pg_stat_activity_max_tx_duration', 40, { datname: 'shop', state: 'idle in transaction' }),
    told('pg_stat_activity_max_tx_duration', 50, { datname: 'shop', state: 'idle in transaction (aborted)' }),
    told('pg_stat_activity_max_tx_duration', 99, { datname: 'shop', state: 'active' }),
  ];
  const unused = [
    told('up', 1),
    told('pg_replication_lag_seconds', 7),
    told('pg_replication_is_replica', 0),
    ...['xact_commit', 'xact_rollback', 'blks_hit', 'blks_read'].map((name) => told(`pg_stat_database_${name}`, 30)),
  ];
  return [
    {
      series: busy,
      expected: ofShop({
        [database.up]: 1,
        [database.connections]: 8,
        [database.connectionsLimit]: 16,
        [database.connectionsUsed]: 0.5,
        [database.operationRate]: 20,
        [database.rollbackRatio]: 0.1,
        [database.cacheHitRatio]: 0.95,
        [database.size]: 120,
        [database.replicationLag]: 7,
        [database.deadlocks]: 20,
        [database.idleTransaction]: 50,
      }),
    },
    {
      series: unused,
      expected: ofShop({
        [database.up]: 0,
        [database.operationRate]: 0,
        [database.rollbackRatio]: null,
        [database.cacheHitRatio]: null,
        [database.replicationLag]: null,
      }),
    },
  ];
}

/** With a limit of memory at which it refuses; of an older exporter, without a limit, with a failed snapshot; one that evicts. */
function redisSituations(): readonly Situation[] {
  const saved = (bgsave: number) => [
    told('redis_rdb_last_bgsave_status', bgsave),
    told('redis_aof_last_write_status', 1),
    told('redis_aof_last_bgrewrite_status', 1),
  ];
  const memory = (used: number, most: number, policy: string) => [
    told('redis_memory_used_bytes', used),
    told('redis_memory_max_bytes', most),
    told('redis_instance_info', 1, { maxmemory_policy: policy }),
  ];
  const busy = [
    told('redis_up', 1),
    told('up', 1),
    told('redis_connected_clients', 40),
    told('redis_max_clients', 100),
    told('redis_config_maxclients', 77),
    told('redis_commands_processed_total', grows(20 * sampleInterval)),
    told('redis_keyspace_hits_total', grows(3 * sampleInterval)),
    told('redis_keyspace_misses_total', grows(sampleInterval)),
    told('redis_connected_slave_lag_seconds', 2, { slave_ip: '10.0.0.1' }),
    told('redis_connected_slave_lag_seconds', 5, { slave_ip: '10.0.0.2' }),
    ...memory(64, 256, 'noeviction'),
    ...saved(1),
  ];
  const older = [
    told('up', 0),
    told('redis_connected_clients', 10),
    told('redis_config_maxclients', 50),
    told('redis_keyspace_hits_total', 3),
    told('redis_keyspace_misses_total', 1),
    ...memory(64, 0, 'noeviction'),
    ...saved(0),
  ];
  return [
    {
      series: busy,
      expected: ofShop({
        [database.up]: 1,
        [database.connections]: 40,
        [database.connectionsLimit]: 100,
        [database.connectionsUsed]: 0.4,
        [database.operationRate]: 20,
        [database.cacheHitRatio]: 0.75,
        [database.size]: 64,
        [database.replicationLag]: 5,
        [database.memoryUsed]: 0.25,
        [database.persistenceOk]: 1,
      }),
    },
    {
      series: older,
      expected: ofShop({
        [database.up]: 0,
        [database.connectionsLimit]: 50,
        [database.connectionsUsed]: 0.2,
        [database.cacheHitRatio]: null,
        [database.memoryUsed]: null,
        [database.persistenceOk]: 0,
      }),
    },
    { series: memory(64, 256, 'allkeys-lru'), expected: ofShop({ [database.size]: 64, [database.memoryUsed]: null }) },
  ];
}

/** A busy member of a replica set, and one that nobody uses. */
function mongodbSituations(): readonly Situation[] {
  const connections = (type: string, value: number) => told('mongodb_ss_connections', value, { conn_type: type });
  const lag = (name: string, state: string, value: number) =>
    told('mongodb_mongod_replset_member_replication_lag', value, { name, state });
  const busy = [
    told('mongodb_up', 1),
    told('up', 1),
    connections('current', 30),
    connections('available', 70),
    connections('active', 5),
    told('mongodb_ss_opcounters', grows(12 * sampleInterval), { legacy_op_type: 'query' }),
    told('mongodb_ss_opcounters', grows(8 * sampleInterval), { legacy_op_type: 'insert' }),
    told('mongodb_ss_wt_cache_pages_read_into_cache', grows(sampleInterval)),
    told('mongodb_ss_wt_cache_pages_requested_from_the_cache', grows(5 * sampleInterval)),
    told('mongodb_dbstats_storageSize', 100, { exported_database: 'fastapi' }),
    told('mongodb_dbstats_storageSize', 20, { exported_database: 'admin' }),
    told('mongodb_dbstats_indexSize', 7, { exported_database: 'fastapi' }),
    told('mongodb_dbstats_indexSize', 3, { exported_database: 'admin' }),
    lag('mongodb-1', 'SECONDARY', 4),
    lag('mongodb-2', 'SECONDARY', 9),
    lag('mongodb-3', '(not reachable/healthy)', 999),
  ];
  const unused = [
    told('up', 1),
    ...['read_into_cache', 'requested_from_the_cache'].map((pages) => told(`mongodb_ss_wt_cache_pages_${pages}`, 7)),
  ];
  return [
    {
      series: busy,
      expected: ofShop({
        [database.up]: 1,
        [database.connections]: 30,
        [database.connectionsLimit]: 100,
        [database.connectionsUsed]: 0.3,
        [database.operationRate]: 20,
        [database.cacheHitRatio]: 0.8,
        [database.size]: 130,
        [database.replicationLag]: 9,
      }),
    },
    { series: unused, expected: ofShop({ [database.up]: 0, [database.cacheHitRatio]: null }) },
  ];
}

/** What the exporter says: of one volume all that counts, of others what must not. */
function storageSeries(): readonly InputSeries[] {
  const other = (name: string) => ({ ...claim, claim: name });
  const statfs = { method: 'statfs', scope: 'filesystem' };
  return [
    usedBytes('volume', 64),
    usedBytes('filesystem', 900),
    single('lookout_volume_requested_bytes', claim, 128),
    single('lookout_volume_used_bytes', { ...other('unlimited'), scope: 'volume' }, 9),
    single('lookout_volume_requested_bytes', other('unlimited'), 0),
    single('lookout_volume_used_bytes', { ...other('shared'), scope: 'filesystem' }, 9),
    single('lookout_volume_requested_bytes', other('shared'), 77),
    single('lookout_volume_inodes_used', { ...claim, ...statfs }, 3),
    single('lookout_volume_inodes', { ...claim, ...statfs }, 4),
    single('lookout_volume_inodes_used', { ...claim, method: 'walk', scope: 'volume' }, 9),
    single('lookout_volume_inodes_used', { ...other('uncounted'), ...statfs }, 1),
    single('lookout_volume_inodes', { ...other('uncounted'), ...statfs }, 0),
  ];
}

interface ClaimValues {
  readonly claim: Labels;
  readonly used: number;
  readonly size: number;
  readonly inodes: number;
}

/** What follows from those series, and what others have measured. */
function storageValues(others: readonly ClaimValues[]): Expected {
  const all = [{ claim, used: 64, size: 128, inodes: 0.75 }, ...others];
  const unlimited = { ...claim, claim: 'unlimited' };
  const empty = others.length === 0 ? [] : [[{ claim_namespace: 'blog', claim: 'empty' }, 0] as const];
  return {
    [storage.volumeUsedBytes]: [...all.map((one) => [one.claim, one.used] as const), [unlimited, 9], ...empty],
    [storage.volumeSize]: all.map((one) => [one.claim, one.size]),
    [storage.volumeUsed]: all.map((one) => [one.claim, one.used / one.size]),
    [storage.volumeInodesUsed]: all.map((one) => [one.claim, one.inodes]),
  };
}

/** One that was there before, in a cluster; with a volume in another namespace. */
function withKubelets(): Stack {
  const { cluster, volumes } = productionStack;
  if (cluster === null) throw new Error('the stack of production is one of a cluster');
  const prometheus = { kind: 'existing', address: 'prometheus.monitoring:9090' } as const;
  const components = { ...cluster.components, prometheus };
  const blog = volumes.map((volume) => ({ ...volume, namespace: 'blog' }));
  return {
    ...productionStack,
    volumes: [...volumes, ...blog],
    cluster: { ...cluster, namespace: 'monitoring', components },
  };
}

/** What two scrapes of a kubelet give: of `size`, so much is used, and half as much of the inodes as of a hundred. */
function kubeletOf(labels: Labels, used: number, size: number): readonly InputSeries[] {
  const inodes = labels['namespace'] === 'monitoring' ? 10 : 50;
  const figures = { used_bytes: used, capacity_bytes: size, inodes_used: inodes, inodes: size === 0 ? 0 : 100 };
  return Object.entries(figures).flatMap(([figure, value]) =>
    ['node-1', 'node-2'].map((node) =>
      single(`kubelet_volume_stats_${figure}`, { ...labels, job: 'kubelet', node }, value),
    ),
  );
}

function single(metric: string, labels: Labels, value: number): InputSeries {
  return { metric, labels, values: always(value) };
}

function usedBytes(scope: string, bytes: number): InputSeries {
  return single('lookout_volume_used_bytes', { ...claim, method: 'walk', scope }, bytes);
}

/** The same on two instances. */
function each(metric: string, labels: Labels, values: string): readonly InputSeries[] {
  return ['a', 'b'].map((instance) => ({ metric, labels: { ...shop, job: 'shop', instance, ...labels }, values }));
}

/** What the rules of others have recorded in the same Prometheus. */
function recordedElsewhere(): readonly InputSeries[] {
  const route = { method: 'GET', route: '/p' };
  return [{ application: 'other' }, { ...shop, namespace: 'elsewhere' }].flatMap((labels) => [
    single(app.requestRate, labels, 1),
    single(app.routeRequestRate, { ...labels, ...route }, 1),
    single(storage.volumeUsedBytes, { namespace: 'elsewhere', ...claim, ...labels }, 1),
    single(storage.volumeSize, { namespace: 'elsewhere', ...claim, ...labels }, 1),
    ...[{ database: 'other' }, { namespace: 'elsewhere', ...shopDatabase }].flatMap((of) =>
      [database.connections, database.connectionsLimit, database.operationRate].map((record) => single(record, of, 1)),
    ),
  ]);
}

/** 40 requests a second on each instance, 4 of them failing; and a route that nobody asks for. */
function requestsOf(metric: string, succeeded: Labels, failed: Labels, route: string): readonly InputSeries[] {
  const [get, post] = [
    { method: 'GET', [route]: '/p' },
    { method: 'POST', [route]: '/q' },
  ];
  return [
    ...each(metric, { ...get, ...succeeded }, grows(16 * sampleInterval)),
    ...each(metric, { ...get, ...failed }, grows(4 * sampleInterval)),
    ...each(metric, { ...post, ...succeeded }, grows(20 * sampleInterval)),
    ...each(metric, { method: 'GET', [route]: '/idle', ...succeeded }, always(7)),
  ];
}

/** No failure was ever counted; then, nobody asks for anything. */
function withoutFailures(metric: string, succeeded: Labels): readonly Situation[] {
  return [
    {
      series: each(metric, succeeded, grows(30)),
      expected: { [app.requestRate]: [[shop, 4]], [app.errorRatio]: [[shop, 0]] },
    },
    { series: each(metric, succeeded, always(30)), expected: { [app.requestRate]: [[shop, 0]], [app.errorRatio]: [] } },
  ];
}

function histogramsOf(route: string): readonly InputSeries[] {
  const name = 'http_request_duration_seconds';
  return [...histogram(name, { method: 'GET', [route]: '/p' }), ...histogram(name, { method: 'POST', [route]: '/q' })];
}

/** Half within 0.1 s, nine tenths within 0.5 s, all within 1 s: p50 is 0.1, p95 is half way from 0.5 to 1. */
function histogram(metric: string, labels: Labels): readonly InputSeries[] {
  const buckets = { '0.1': 150, '0.5': 270, '1': 300, '+Inf': 300 };
  return Object.entries(buckets).flatMap(([le, increment]) =>
    each(`${metric}_bucket`, { ...labels, le }, grows(increment)),
  );
}

/** One of the two instances does not answer any more. */
function processSeries(): readonly InputSeries[] {
  return [
    ...each('process_resident_memory_bytes', {}, always(100)),
    ...each('process_cpu_seconds_total', {}, grows(0.5 * sampleInterval)),
    single('up', { ...shop, job: 'shop', instance: 'a' }, 1),
    single('up', { ...shop, job: 'shop', instance: 'b' }, 0),
  ];
}

function applicationValues(): Expected {
  const get = { ...shop, method: 'GET', route: '/p' };
  const post = { ...shop, method: 'POST', route: '/q' };
  const idle = { ...shop, method: 'GET', route: '/idle' };
  return {
    [app.instancesUp]: [[shop, 1]],
    [app.instances]: [[shop, 2]],
    [app.requestRate]: [[shop, 80]],
    [app.errorRatio]: [[shop, 0.1]],
    [app.latencyP50]: [[shop, 0.1]],
    [app.latencyP95]: [[shop, 0.75]],
    [app.latencyP99]: [[shop, 0.95]],
    [app.inFlight]: [[shop, 6]],
    [app.routeRequestRate]: [
      [get, 40],
      [post, 40],
      [idle, 0],
    ],
    [app.routeErrorRatio]: [
      [get, 0.2],
      [post, 0],
    ],
    [app.routeLatencyP95]: [
      [get, 0.75],
      [post, 0.75],
    ],
    [app.memory]: [[shop, 200]],
    [app.cpu]: [[shop, 1]],
  };
}
