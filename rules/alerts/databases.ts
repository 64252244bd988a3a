import type { DatabaseEngine, Stack } from '../../stack/types.ts';
import { databaseRecords } from '../conventions/index.ts';
import { always, ratioScenarios, steps } from '../scenarios.ts';
import { count, figure, percent, several, span, value } from '../templates.ts';
import type { Alert, Scenario, Topic } from '../types.ts';
import { database as db } from '../vocabulary.ts';

const dashboard = 'lookout-databases';
const shop = { database: 'shop' };
const ofDatabase = 'namespace=$namespace,database=$database';

const withoutDatabases = ({ databases }: Stack) => (databases.length > 0 ? undefined : 'no database is declared');
const without = (engine: DatabaseEngine) => (stack: Stack) =>
  stack.databases.some((one) => one.engine === engine)
    ? undefined
    : `no database of engine ${engine} is declared, and of others nothing tells it`;

const down: Alert = {
  name: 'DatabaseDown',
  severity: 'critical',
  for: 120,
  threshold: null,
  expr: ({ select, stack }) =>
    [
      `${select(db.up)} == 0`,
      ...stack.databases.map(({ name }) => `absent(${select('up', `database="${name}"`)})`),
    ].join(' or '),
  summary: 'database {{ $labels.database }} down',
  detail: figure(`up{${ofDatabase}} == 1`, 'its exporter gets no answer', 'its exporter does not answer either'),
  value: '',
  action: 'See whether the database runs, and connect to it as its application does.',
  description:
    'Nothing says that database {{ $labels.database }} answers: it is down, out of reach, or refuses the login of its exporter.',
  runbook: {
    means:
      'The exporter of the database cannot get in, or does not answer itself, which it does not in time while it waits for a database out of reach. What uses the database fails, unless only the login of the exporter is refused; readiness probes of applications often do not show it.',
    steps: [
      'Does it run? `kubectl get pods`, `kubectl describe pod <pod>`; of a managed database the page of its provider.',
      'Connect from a pod of the application, which has its address and password: `psql "$DB_URL" -c "SELECT 1;"`, `mongosh "$MONGODB_URI" --eval "db.runCommand({ping: 1})"`, `redis-cli -u "$REDIS_URL" ping`.',
      'If that works, read why the exporter does not get in: `kubectl logs deployment/lookout-database-<name>` (password, role, TLS, an address that does not resolve).',
      'If the disk of the database is full, it refuses to start: see the dashboard Storage.',
    ],
  },
  panel: { dashboard, panel: 'State of each database' },
  object: 'database',
  impossible: withoutDatabases,
  scenarios: [
    {
      title: 'its exporter gets no answer',
      fires: [shop],
      since: 300,
      series: () => [
        { metric: db.up, labels: shop, values: steps([1, 300], [0, 3600]) },
        { metric: 'up', labels: { ...shop, job: 'lookout-database-shop' }, values: always(1) },
        { metric: 'up', labels: { database: 'queue', job: 'lookout-database-queue' }, values: always(1) },
      ],
    },
    {
      title: 'nobody asks its exporter, while another is asked',
      fires: [shop],
      absent: true,
      series: () => [{ metric: 'up', labels: { database: 'queue', job: 'lookout-database-queue' }, values: always(1) }],
    },
    {
      title: 'nobody asks the exporter of another one',
      fires: [{ database: 'queue' }],
      absent: true,
      series: () => [{ metric: 'up', labels: { ...shop, job: 'lookout-database-shop' }, values: always(1) }],
    },
    {
      title: 'it answers, and so does the other',
      fires: [],
      series: () => [
        { metric: db.up, labels: shop, values: always(1) },
        { metric: 'up', labels: { ...shop, job: 'lookout-database-shop' }, values: always(1) },
        { metric: 'up', labels: { database: 'queue', job: 'lookout-database-queue' }, values: always(1) },
      ],
    },
    {
      title: 'it is back within the time of a restart',
      fires: [],
      at: 600,
      series: () => [
        { metric: db.up, labels: shop, values: steps([1, 300], [0, 90], [1, 3600]) },
        { metric: 'up', labels: { ...shop, job: 'lookout-database-shop' }, values: always(1) },
        { metric: 'up', labels: { database: 'queue', job: 'lookout-database-queue' }, values: always(1) },
      ],
    },
  ],
};

const connections: Alert = {
  name: 'DatabaseConnectionsNearLimit',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.8, unit: 'percentunit' },
  expr: ({ select, threshold }) => `${select(db.connectionsUsed)} > ${threshold}`,
  summary: 'connections of database {{ $labels.database }} near their limit',
  detail: figure(
    `${db.connectionsLimit}{${ofDatabase}}`,
    `${percent('$value')} of ${count('. | first | value')} in use`,
    `${percent(value)} in use`,
  ),
  value: percent(value),
  action: 'See who holds the connections, and whether somebody opens them without end.',
  description: `${percent(value)} of the connections that database {{ $labels.database }} allows are in use; at the limit it refuses every further one.`,
  runbook: {
    means: 'Soon nobody gets a connection any more: applications, backups and people are refused alike.',
    steps: [
      'Who holds them? PostgreSQL: `select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc`; MongoDB: `db.currentOp(true)`; Redis: `CLIENT LIST`.',
      'Compare the sum of the pools of all replicas of the application with the limit: a rollout has twice as many for a while.',
      'Many that are idle: make the pools smaller or let them close idle connections. Only then raise the limit, with the memory for it.',
    ],
  },
  panel: { dashboard, panel: 'Connections in use' },
  object: 'database',
  impossible: withoutDatabases,
  scenarios: ratioScenarios(db.connectionsUsed, shop, [
    { metric: db.connectionsLimit, labels: shop, values: always(97) },
  ]),
};

const lag: Alert = {
  name: 'DatabaseReplicationLagging',
  severity: 'warning',
  for: 300,
  threshold: { value: 60, unit: 's' },
  expr: ({ select, threshold }) => `${select(db.replicationLag)} > ${threshold}`,
  summary: 'replication of database {{ $labels.database }} behind',
  detail: `${span(value)} behind`,
  value: span(value),
  action: 'See whether the replica runs, and what keeps it from following.',
  description: `A replica of database {{ $labels.database }} is ${span(value)} behind: what it answers is that old, and so much would be lost with the primary.`,
  runbook: {
    means: 'The replica does not follow its primary. Reads from it are old, and a failover now loses what it lacks.',
    steps: [
      'Does the replica run, and is its disk neither full nor slow? See the dashboard Storage.',
      'PostgreSQL: `select * from pg_stat_replication` on the primary; a long query on the replica can hold it back. MongoDB: `rs.printSecondaryReplicationInfo()`. Redis: `INFO replication`.',
      'A large import or a migration ends by itself; a replica that has lost its place has to be made anew.',
    ],
  },
  panel: { dashboard, panel: 'Replication lag' },
  object: 'database',
  impossible: withoutDatabases,
  scenarios: above(db.replicationLag, 1),
};

const transaction: Alert = {
  name: 'DatabaseTransactionForgotten',
  severity: 'warning',
  for: 60,
  threshold: { value: 900, unit: 's' },
  expr: ({ select, threshold }) => `${select(db.idleTransaction)} > ${threshold}`,
  summary: 'forgotten transaction in database {{ $labels.database }}',
  detail: `open for ${span(value)}, its client does nothing`,
  value: span(value),
  action: 'Find the client that left its transaction open, and end it.',
  description: `In database {{ $labels.database }} a transaction is open for ${span(value)} whose client does nothing: it keeps its locks, and nothing that it could still see can be cleaned up.`,
  runbook: {
    means:
      'A client began a transaction and neither commits nor does anything. Others wait for its locks, and tables grow because nothing can be vacuumed.',
    steps: [
      "Find it: `select pid, usename, application_name, client_addr, xact_start, query from pg_stat_activity where state like 'idle in transaction%' order by xact_start`.",
      'End it: `select pg_terminate_backend(<pid>)`.',
      'Mend the code that forgets it; `idle_in_transaction_session_timeout` ends such transactions by itself.',
    ],
  },
  panel: { dashboard, panel: 'Oldest idle transaction' },
  object: 'database',
  impossible: without('postgres'),
  scenarios: above(db.idleTransaction, 1),
};

const deadlocks: Alert = {
  name: 'DatabaseDeadlocks',
  severity: 'warning',
  for: 0,
  threshold: { value: 3, unit: 'short' },
  expr: ({ select, threshold }) => `${select(db.deadlocks)} > ${threshold}`,
  summary: 'deadlocks in database {{ $labels.database }}',
  detail: `${several(value, 'deadlock', 'deadlocks')} within minutes`,
  value: several(value, 'deadlock', 'deadlocks'),
  action: 'Read in the log of the database which statements blocked each other.',
  description: `Database {{ $labels.database }} ended ${several(value, 'transaction', 'transactions')} within minutes because they waited for each other; their users got an error.`,
  runbook: {
    means: 'Transactions take the same locks in different order; PostgreSQL ends one of each pair with an error.',
    steps: [
      'The log of PostgreSQL names both statements: search for `deadlock detected`.',
      'Let the code touch rows in one order everywhere (for example by id), and keep transactions short.',
    ],
  },
  panel: { dashboard, panel: 'Deadlocks' },
  object: 'database',
  impossible: without('postgres'),
  scenarios: above(db.deadlocks, 1),
};

const memory: Alert = {
  name: 'DatabaseMemoryNearLimit',
  severity: 'critical',
  for: 300,
  threshold: { value: 0.85, unit: 'percentunit' },
  expr: ({ select, threshold }) => `${select(db.memoryUsed)} > ${threshold}`,
  summary: 'memory of database {{ $labels.database }} near its limit',
  detail: `${percent(value)} of maxmemory in use`,
  value: percent(value),
  action: 'See which keys grow, and raise maxmemory or let them expire.',
  description: `Database {{ $labels.database }} uses ${percent(value)} of its maxmemory; at the limit it refuses everything that would write.`,
  runbook: {
    means:
      'Redis has a limit of memory and the policy noeviction: when it is reached, every write is refused with an error, while the pod stays ready. The limit of the container is commonly higher and never seen.',
    steps: [
      'What grows? `redis-cli --bigkeys`, `redis-cli --memkeys`, `INFO keyspace`; a queue grows when its workers stand still.',
      'Let keys expire, or work the queue off.',
      'Raise `maxmemory`, and the limit of the container well above it: `CONFIG SET maxmemory <size>` holds until the next start only.',
    ],
  },
  panel: { dashboard, panel: 'Memory in use' },
  object: 'database',
  impossible: without('redis'),
  scenarios: ratioScenarios(db.memoryUsed, shop, []),
};

const persistence: Alert = {
  name: 'DatabasePersistenceFailing',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: ({ select }) => `${select(db.persistenceOk)} == 0`,
  summary: 'database {{ $labels.database }} does not reach its disk',
  detail: 'its last snapshot or append-only file failed',
  value: '',
  action: 'Read the log of Redis, and see whether its disk is full.',
  description:
    'Database {{ $labels.database }} could not write its snapshot or its append-only file: what is new since then is lost with the next restart.',
  runbook: {
    means: 'Redis lives in memory; what it did not write is gone after a restart. It may refuse writes meanwhile.',
    steps: [
      'Which one? `INFO persistence`: `rdb_last_bgsave_status`, `aof_last_write_status`, `aof_last_bgrewrite_status`.',
      'Read the log for the reason: a full disk (see the dashboard Storage), no right to write, or no memory for the fork (`vm.overcommit_memory`).',
      'Try again: `BGSAVE`, `BGREWRITEAOF`.',
    ],
  },
  panel: { dashboard, panel: 'Persistence' },
  object: 'database',
  impossible: without('redis'),
  scenarios: [
    {
      title: 'the last write failed',
      fires: [shop],
      since: 300,
      series: () => [{ metric: db.persistenceOk, labels: shop, values: steps([1, 300], [0, 3600]) }],
    },
    {
      title: 'it was written well',
      fires: [],
      series: () => [{ metric: db.persistenceOk, labels: shop, values: always(1) }],
    },
    { title: 'nobody tells', fires: [], absent: true, series: () => [] },
  ],
};

/** A little above the threshold fires, exactly on it does not. */
function above(metric: string, margin: number): readonly Scenario[] {
  return [
    {
      title: 'a little above the threshold',
      fires: [shop],
      since: 300,
      series: ({ threshold }) => [{ metric, labels: shop, values: steps([0, 300], [threshold + margin, 3600]) }],
    },
    {
      title: 'exactly on the threshold',
      fires: [],
      series: ({ threshold }) => [{ metric, labels: shop, values: always(threshold) }],
    },
    { title: 'nobody tells', fires: [], absent: true, series: () => [] },
  ];
}

/** Whether databases answer, and what keeps them from it soon. */
export const databases: Topic = {
  name: 'databases',
  alerts: [down, connections, lag, transaction, deadlocks, memory, persistence],
  records: databaseRecords,
};
