/**
 * The exporter's configuration file (JSON), written by `scrape/` and read by `exporter/main.ts`. All durations in seconds,
 * as they are to be used; relative paths are relative to the configuration file.
 */
export interface ExporterConfig {
  /** With `tls` everything is answered in TLS, else nothing is. */
  readonly listen: { readonly host: string; readonly port: number; readonly tls?: TlsFiles };
  /** One or two bearer tokens, one a line; re-read when it changes. */
  readonly tokenFile: string;
  /** Seconds between two readings of a source. */
  readonly interval: number;
  /** Seconds after which reading a source counts as hung and its child process is ended. */
  readonly deadline: number;
  /** Value of the label `node` of file systems; empty: the variable NODE_NAME of the pod tells it. */
  readonly node: string;
  readonly backups: readonly BackupSource[];
  readonly volumes: readonly VolumeSource[];
  readonly certificateFiles: readonly CertificateFileSource[];
  readonly certificateEndpoints: readonly CertificateEndpointSource[];
  /** TLS Secrets that are read with the pod's service account. */
  readonly certificateSecrets?: readonly CertificateSecretSource[];
  /** Reads every other TLS Secret too: of these namespaces, of all when there are none. Absent: only the declared ones. */
  readonly certificateDiscovery?: { readonly namespaces: readonly string[] };
  /** cert-manager's Certificates, read with the service account. */
  readonly certManager?: readonly CertManagerSource[];
  /**
   * Claims of a local-path provisioner, each found by the name of its directory. On the nodes of a cluster the same
   * configuration serves all: a claim is on one of them, and the others say nothing of it but that.
   */
  readonly localPathClaims?: readonly LocalPathClaimSource[];
  /** CronJobs that make or clean up backups, read with the service account. */
  readonly cronJobs?: readonly CronJobSource[];
  /** Claims whose figures come from the kubelets; a claim stands either here or in `volumes`. */
  readonly kubelet?: KubeletSource;
  /** OTLP/HTTP endpoint for traces of collections; null: off. */
  readonly traces: { readonly endpoint: string } | null;
}

/** Local files in PEM, read again when they change: the certificate with its chain, and its key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
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
  /** Globs of entries that are known and no artifacts. */
  readonly ignore: readonly string[];
  /** Globs of artifacts of another origin (made by hand, before a restore): counted apart, never standing for a run. */
  readonly others?: readonly string[];
}

export interface VolumeSource {
  readonly name: string;
  readonly namespace: string;
  readonly directory: string;
  readonly requested: number | null;
}

/** PEM, DER, PKCS#12 or a kubeconfig: which of them is seen from the content. */
export interface CertificateFileSource {
  readonly name: string;
  readonly path: string;
  /** File with the password of a PKCS#12 file; absent: it has none. */
  readonly passwordFile?: string;
}

export interface CertificateEndpointSource {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly authority: string | null;
  readonly expects: string | null;
  readonly timeout: number;
  /** Protocol in which TLS is asked for; absent: TLS from the first byte. */
  readonly starttls?: 'smtp' | 'imap' | 'postgres';
}

export interface CertificateSecretSource {
  readonly name: string;
  readonly namespace: string;
  readonly secret: string;
}

export interface CertManagerSource {
  readonly name: string;
  readonly namespace: string;
  /** Name of the object of the kind Certificate. */
  readonly certificate: string;
}

export interface LocalPathClaimSource {
  readonly name: string;
  readonly namespace: string;
  /** Directory of the provisioner, e.g. `/var/lib/rancher/k3s/storage`. */
  readonly root: string;
  /** The volume that it is bound to, where directories of earlier ones were kept; absent: the only one there is. */
  readonly volume?: string;
  readonly requested: number | null;
}

export interface CronJobSource {
  /** Name of the backup that it belongs to. */
  readonly backup: string;
  readonly purpose: 'backup' | 'cleanup';
  readonly namespace: string;
  readonly name: string;
}

export interface KubeletSource {
  readonly claims: readonly { readonly namespace: string; readonly name: string }[];
  readonly port: number;
  /** PEM file with the authority of the kubelets' certificates, on a local mount; null: the authority of the API server. */
  readonly authority: string | null;
  /** Addresses without port; null: of all nodes, which the API is asked for. */
  readonly nodes: readonly { readonly name: string; readonly address: string }[] | null;
}
