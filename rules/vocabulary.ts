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
