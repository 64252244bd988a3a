/**
 * The exporter's configuration file (JSON), written by `scrape/` and read by `exporter/main.ts`. All durations in seconds,
 * as they are to be used; relative paths are relative to the configuration file.
 */
export interface ExporterConfig {
  readonly listen: { readonly host: string; readonly port: number };
  /** One or two bearer tokens, one a line; re-read when it changes. */
  readonly tokenFile: string;
  /** Seconds between two readings of a source. */
  readonly interval: number;
  /** Seconds after which reading a source counts as hung and its child process is ended. */
  readonly deadline: number;
  /** Value of the label `node` of file systems. */
  readonly node: string;
  readonly backups: readonly BackupSource[];
  readonly volumes: readonly VolumeSource[];
  readonly certificateFiles: readonly CertificateFileSource[];
  readonly certificateEndpoints: readonly CertificateEndpointSource[];
  /** OTLP/HTTP endpoint for traces of collections; null: off. */
  readonly traces: { readonly endpoint: string } | null;
}

export interface BackupSource {
  readonly name: string;
  readonly directory: string;
  readonly pattern: string;
  readonly engine: 'postgres' | 'mongodb' | 'sqlite' | 'files';
  readonly schedule: string | null;
  readonly timezone: string;
  readonly clock: string;
  readonly expectedInterval: number | null;
  readonly grace: number;
  readonly settle: number;
  readonly retention: { readonly age: number; readonly tolerance: number; readonly floor: number } | null;
  readonly ignore: readonly string[];
}

export interface VolumeSource {
  readonly name: string;
  readonly namespace: string;
  readonly directory: string;
  readonly requested: number | null;
}

export interface CertificateFileSource {
  readonly name: string;
  readonly path: string;
}

export interface CertificateEndpointSource {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly authority: string | null;
  readonly expects: string | null;
  readonly timeout: number;
}
