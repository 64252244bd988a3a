/**
 * The recorded series that dashboards and alerts read, whatever the application calls its own metrics. A convention file
 * translates one naming into these. All carry `namespace` and `application`; the ones by route also `method` and `route`.
 * The windows in the names are those of production; an environment with a pace shortens them by its factor.
 */
export const app = {
  /** Requests per second. */
  requestRate: 'app:http_requests:rate5m',
  /** Share of requests answered with a server error, 0 to 1; absent when there were no requests. */
  errorRatio: 'app:http_request_errors:ratio_rate5m',
  latencyP50: 'app:http_request_duration_seconds:p50_5m',
  latencyP95: 'app:http_request_duration_seconds:p95_5m',
  latencyP99: 'app:http_request_duration_seconds:p99_5m',
  /** Requests being served. */
  inFlight: 'app:http_requests_in_flight:sum',
  routeRequestRate: 'app_route:http_requests:rate5m',
  routeErrorRatio: 'app_route:http_request_errors:ratio_rate5m',
  routeLatencyP95: 'app_route:http_request_duration_seconds:p95_5m',
  /** Instances that answer their scrape, and instances that are declared. */
  instancesUp: 'app:instances_up:count',
  instances: 'app:instances:count',
  memory: 'app:process_resident_memory_bytes:sum',
  cpu: 'app:process_cpu_seconds:rate5m',
} as const;

export const db = {
  /** Connections of the application's pool in use, and the most it may open. */
  connectionsInUse: 'db:connections_in_use:sum',
  connectionsMax: 'db:connections_max:sum',
  /** Seconds that a request waits for a connection. */
  connectionWaitP95: 'db:connection_wait_seconds:p95_5m',
  queryP95: 'db:query_duration_seconds:p95_5m',
} as const;

/** Of a database server, as its exporter tells. All carry `namespace` and `database`, and are there as far as its engine has them. */
export const database = {
  /** 1 while its exporter says that it gets an answer of it, else 0. */
  up: 'db:up:min',
  /** Connections of clients, how many there may be, and the share of the one in the other, 0 to 1. */
  connections: 'db:connections:sum',
  connectionsLimit: 'db:connections_limit:max',
  connectionsUsed: 'db:connections_used:ratio',
  /** Per second: transactions of PostgreSQL, commands of Redis, operations of MongoDB. */
  operationRate: 'db:operations:rate5m',
  /** Share of the transactions that were rolled back, 0 to 1; PostgreSQL. */
  rollbackRatio: 'db:rollbacks:ratio_rate5m',
  /** Share of what was asked for that was found in memory, of Redis that was found at all, 0 to 1. */
  cacheHitRatio: 'db:cache_hits:ratio_rate5m',
  /** Bytes of all its data; of Redis in memory. */
  size: 'db:size_bytes:sum',
  /** Seconds by which the replica that is furthest behind is behind; only where there is one. */
  replicationLag: 'db:replication_lag_seconds:max',
  /** Deadlocks within the window; PostgreSQL. */
  deadlocks: 'db:deadlocks:increase5m',
  /** Seconds since the oldest transaction began whose client does nothing; PostgreSQL. */
  idleTransaction: 'db:idle_transaction_seconds:max',
  /** Share of the memory that it may take, 0 to 1; of a Redis that refuses new data when it is full. */
  memoryUsed: 'db:memory_used:ratio',
  /** 1 while what was last written to disk was written well, else 0; Redis. */
  persistenceOk: 'db:persistence_ok:min',
} as const;

/** Of a claim: these carry `claim_namespace` and `claim`. Of a file system: `node` and `path`. */
export const storage = {
  /** By the claim itself, or of the file system that is mounted for it where only a kubelet has measured it. */
  volumeUsedBytes: 'volume:used_bytes:max',
  /** What was asked for, or the size of that file system: what `volumeUsedBytes` is to be compared with. */
  volumeSize: 'volume:size_bytes:max',
  /** Share of the one in the other, 0 to 1. */
  volumeUsed: 'volume:used:ratio',
  volumeInodesUsed: 'volume:inodes_used:ratio',
  /** Of the file system below a declared directory, 0 to 1. */
  filesystemUsed: 'filesystem:used:ratio',
  /** What the volumes on it asked for, as a multiple of its size. */
  filesystemClaimed: 'filesystem:claimed:ratio',
} as const;

export const backup = {
  /** Declared number of complete artifacts that must stay; only of backups that declare one. Carries `backup`. */
  retentionFloor: 'backup:retention_floor:count',
  /** Declared age, without its tolerance, from which on artifacts may be deleted; only of backups that declare one. */
  retentionAge: 'backup:retention_age:seconds',
} as const;

/**
 * Of the programs that take the metrics and traces of applications, per second; these carry `job` (which program) and `signal`
 * (`metrics` or `traces`).
 */
export const telemetry = {
  accepted: 'telemetry:accepted:rate5m',
  /** The sender was told to keep it: memory is short, or what comes after does not take it. */
  refused: 'telemetry:refused:rate5m',
  /** Accepted, and given up: it could not be sent on or stored. */
  lost: 'telemetry:lost:rate5m',
} as const;
