import { createHash } from 'node:crypto';

/**
 * The Stack: one plain, fully resolved, deeply readonly value that every room reads.
 *
 * Units: every duration is in seconds and **already divided by `pace`** where it is an interval of the machinery (scrape,
 * evaluation, grace, settle time, grouping). Schedules, retentions and certificate lifetimes belong to the world and are
 * never scaled. Sizes are in bytes. Secrets appear by name only; `secrets` says where `provision/` finds each value.
 */
export interface Stack {
  /** Name of the environment folder, with `-<instance>` appended when it has instances. Unique; used in paths and uids. */
  readonly name: string;
  readonly environment: string;
  readonly instance: string | null;
  readonly platform: Platform;
  /** Value of the `namespace` label on every series, rule and alert. */
  readonly namespace: string;
  /** IANA zone in which messages and pages tell the time. */
  readonly timezone: string;
  /** How many times faster than in production every interval of the machinery runs; 1 in production. */
  readonly pace: number;
  readonly intervals: Intervals;
  readonly applications: readonly Application[];
  readonly probes: readonly Probe[];
  readonly databases: readonly Database[];
  readonly backups: readonly Backup[];
  readonly volumes: readonly Volume[];
  readonly certificates: Certificates;
  readonly exporter: ExporterSettings;
  readonly prometheus: PrometheusSettings;
  readonly alertmanager: AlertmanagerSettings;
  readonly grafana: GrafanaSettings;
  /** Overrides by alert name; every alert keeps its default beside its definition in `rules/`. */
  readonly alerts: Readonly<Record<string, AlertOverride>>;
  /** Every secret that an output or a part refers to, by name. */
  readonly secrets: Readonly<Record<SecretName, SecretReference>>;
  /** Present on platform `kubernetes` only. */
  readonly cluster: ClusterSettings | null;
  /** Present on platform `local` only. */
  readonly local: LocalSettings | null;
}

export type Platform = 'kubernetes' | 'local';

/** All in seconds, already divided by the pace. */
export interface Intervals {
  readonly scrape: number;
  readonly evaluation: number;
  /** Window of every rate and quantile: at least four scrape intervals. Production: 300. */
  readonly rateWindow: number;
  /** Production: 30. */
  readonly groupWait: number;
  /** Production: 300. */
  readonly groupInterval: number;
  /** Production: 14400. */
  readonly repeat: number;
  /** How often the exporter reads its sources. Production: 60. */
  readonly collection: number;
}

/** A secret's name is also its file name below a component's `credentials/` directory: `[a-z0-9-]+`. */
export type SecretName = string;

export type SecretReference =
  | { readonly kind: 'generate' }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  /** `document`: it is a whole file, such as a certificate, and has several lines. */
  | { readonly kind: 'kubernetes'; readonly secret: string; readonly key: string; readonly document?: true };

export interface Application {
  readonly name: string;
  /** null: the application has no metrics endpoint that we scrape. */
  readonly metrics: ScrapeEndpoint | null;
  /** How this application names its metrics; null: only `up` is known of it. */
  readonly convention: Convention | null;
}

/** One file in `rules/conventions/` per name. */
export type Convention = 'prom-client' | 'fastapi-instrumentator';
export const conventions: readonly Convention[] = ['prom-client', 'fastapi-instrumentator'];

export interface ScrapeEndpoint {
  readonly scheme: 'http' | 'https';
  /** `host:port`. */
  readonly address: string;
  readonly path: string;
  /** Seconds, already divided by the pace. */
  readonly interval: number;
  /** Bearer token sent with the scrape. */
  readonly token: SecretName | null;
}

/** What the blackbox exporter asks from inside the cluster, as a user would. */
export interface Probe {
  /** Label `probe`. */
  readonly name: string;
  /** `http`: a page. `tcp`: only whether a connection is taken. */
  readonly kind: 'http' | 'tcp';
  /** URL of the page, or `host:port` of the server. */
  readonly target: string;
  /** The module of the blackbox exporter with which it is asked; of one of our own it has the probe's name. */
  readonly module: string;
  /** Status codes that are good; none: every 2xx. */
  readonly status: readonly number[];
  /** Whether the answer counts to which the first one sends. */
  readonly redirects: boolean;
  /** What the page must contain, word by word. */
  readonly contains: string | null;
  /** Whether a certificate that does not verify is a failure. */
  readonly trusted: boolean;
  /** Seconds, already divided by the pace. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds after which Prometheus gives the blackbox exporter itself up. */
  readonly giveUp: number;
}

/** A database server, as an exporter of its engine tells of it. */
export interface Database {
  /** Label `database`. */
  readonly name: string;
  readonly engine: DatabaseEngine;
  /** `host:port` of the exporter, which tells of this database only. */
  readonly exporter: string;
  /** How the exporter that is installed for it gets in; null: the exporter is there already. */
  readonly access: DatabaseAccess | null;
}

/** One file in `rules/conventions/` per name. */
export type DatabaseEngine = 'postgres' | 'mongodb' | 'redis';
export const databaseEngines: readonly DatabaseEngine[] = ['postgres', 'mongodb', 'redis'];

export type DatabaseAccess =
  /** The whole connection is one secret: a URL with the user and the password in it. */
  | { readonly kind: 'connection'; readonly connection: SecretName }
  | {
      readonly kind: 'server';
      /** `host:port`. */
      readonly address: string;
      /** PostgreSQL: the database that is connected to. MongoDB: the one that knows the user. null: Redis. */
      readonly database: string | null;
      readonly user: { readonly name: string } | { readonly secret: SecretName } | null;
      readonly password: SecretName | null;
      readonly tls: DatabaseTls;
    };

/** `encrypted`: whoever answers; `verified`: a server with a certificate that the system's authorities vouch for. */
export type DatabaseTls = 'none' | 'encrypted' | 'verified';
export const databaseTls: readonly DatabaseTls[] = ['none', 'encrypted', 'verified'];

export interface Backup {
  readonly name: string;
  /** Absolute path as the exporter sees it, of the node or in a claim. */
  readonly directory: string;
  /** Claim of the stack's namespace in which the directory lies; null: a path of the node. */
  readonly claim: string | null;
  /** strftime-like pattern of an artifact's path below the directory, e.g. `shop_%Y%m%d_%H%M%S.sql.gz`. */
  readonly pattern: string;
  readonly engine: BackupEngine;
  /** Five-field cron expression; null: not stated, freshness then rests on `expectedInterval`. */
  readonly schedule: string | null;
  /** IANA zone of the schedule. */
  readonly timezone: string;
  /** IANA zone of the time in the artifact's name; defaults to the schedule's zone. */
  readonly clock: string;
  /** Seconds between two runs when no schedule is stated; null when `schedule` is set. */
  readonly expectedInterval: number | null;
  /** Seconds that a run may take after its scheduled time before it counts as missed; divided by the pace. */
  readonly grace: number;
  /** An artifact unchanged for this long counts as finished; seconds, divided by the pace. */
  readonly settle: number;
  readonly retention: Retention | null;
  /** Glob patterns of entries that are known and not artifacts (sidecars, logs). */
  readonly ignore: readonly string[];
  /** Glob patterns of artifacts of another origin (made by hand, before a restore): counted apart, never a scheduled run's. */
  readonly others: readonly string[];
  /** The CronJob that makes the artifacts. */
  readonly cronJob: CronJobReference | null;
  /** The CronJob that deletes old artifacts, where it is one of its own. */
  readonly cleanup: CronJobReference | null;
}

export interface CronJobReference {
  readonly namespace: string;
  readonly name: string;
}

export type BackupEngine = 'postgres' | 'mongodb' | 'sqlite' | 'files';
export const backupEngines: readonly BackupEngine[] = ['postgres', 'mongodb', 'sqlite', 'files'];

export interface Retention {
  /** Artifacts older than this should be gone; seconds. */
  readonly age: number;
  /** How much longer than `age` is still normal (`find -mtime` counts whole days); seconds. */
  readonly tolerance: number;
  /** At least so many complete artifacts must stay. */
  readonly floor: number;
}

export interface Volume {
  /** Label `claim`. */
  readonly name: string;
  /** Label `claim_namespace`. */
  readonly namespace: string;
  /**
   * Absolute path as the exporter sees it; null: a claim that is not mounted, but measured by the kubelet or below the
   * directory of the local-path provisioner.
   */
  readonly directory: string | null;
  /** The claim that it is or lies in; null: a path of the node. */
  readonly claim: string | null;
  /** Declared size in bytes; null: unknown, then only the file system limits it. */
  readonly requested: number | null;
}

export interface Certificates {
  readonly files: readonly CertificateFile[];
  readonly secrets: readonly CertificateSecret[];
  /** Every other TLS Secret of these namespaces too, of all when there are none; null: only the declared ones. */
  readonly discover: { readonly namespaces: readonly string[] } | null;
  readonly certManager: readonly ManagedCertificate[];
  readonly endpoints: readonly CertificateEndpoint[];
}

export interface CertificateFile {
  /** Label `certificate`. */
  readonly name: string;
  /** Absolute path as the exporter sees it, of a file in PEM, DER or PKCS#12, or a kubeconfig. */
  readonly path: string;
  /** Claim of the stack's namespace in which the file lies; null: a path of the node. */
  readonly claim: string | null;
  /** Of a PKCS#12 file. */
  readonly password: SecretName | null;
}

export interface CertificateSecret {
  /** Label `certificate`. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the TLS Secret. */
  readonly secret: string;
}

/** What cert-manager says of issuing and renewing; the certificate itself lies in a Secret. */
export interface ManagedCertificate {
  /** Label `certificate`. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the object of the kind Certificate. */
  readonly certificate: string;
}

export interface CertificateEndpoint {
  /** Label `certificate`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** SNI name; defaults to the host. */
  readonly serverName: string;
  /** Absolute path of a PEM bundle that is trusted besides the system's authorities. */
  readonly authority: string | null;
  /** Name of the stored certificate (in `files` or `secrets`) that this endpoint is declared to serve. */
  readonly expects: string | null;
  /** Seconds. */
  readonly timeout: number;
  /** Protocol in which TLS is asked for; null: TLS from the first byte. */
  readonly starttls: StartTls | null;
}

export type StartTls = 'smtp' | 'imap' | 'postgres';
export const startTlsProtocols: readonly StartTls[] = ['smtp', 'imap', 'postgres'];

export interface ExporterSettings {
  /** `host:port` under which Prometheus reaches the exporter; in a cluster its role `api`. */
  readonly address: string;
  readonly token: SecretName;
  /** Those that have something to do in a cluster; none on one machine, where one process does everything. */
  readonly roles: readonly ExporterRole[];
  /** What the role `node` needs; null: there is none. */
  readonly node: NodeRole | null;
  /** In a cluster: it answers in TLS; null: in plain HTTP. */
  readonly tls: ExporterTls | null;
  /** Base URL of the OTLP/HTTP receiver that takes its traces; null: it sends none. */
  readonly traces: string | null;
}

export interface ExporterTls {
  readonly certificate: SecretName;
  readonly key: SecretName;
  /** Authority that Prometheus verifies the certificate with. */
  readonly authority: SecretName;
  /** The name that the certificate is for. */
  readonly serverName: string;
}

/** `api` asks servers, the API and kubelets; `node` reads paths. Label `role` of their targets. */
export type ExporterRole = 'api' | 'node';

/** The pods of the exporter that read paths. They have no service account token; those that have one mount no path. */
export interface NodeRole {
  /** `host:port` of a headless Service: each of its addresses is one pod. */
  readonly address: string;
  /** Sorted, none below another. */
  readonly mounts: readonly Mount[];
  /** Labels of the nodes that it is on; none: every node. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** What a pod of the role `node` mounts, read-only. */
export type Mount =
  /** A directory of the node, at the same path in the pod. */
  | { readonly kind: 'host'; readonly path: string }
  /** A claim of the stack's namespace, at `claimDirectory(claim)`. */
  | { readonly kind: 'claim'; readonly claim: string; readonly path: string };

/** A component of which there may be several pods, each with data of its own. */
export interface Replicated {
  /** `host:port` under which others reach it, whichever of its pods answers. */
  readonly address: string;
  /** 1 where it is not installed by us. */
  readonly replicas: number;
}

export interface PrometheusSettings extends Replicated {
  readonly version: string;
  readonly features: PrometheusFeatures;
  readonly retention: { readonly time: number; readonly size: number | null };
  /** User name of its web authentication when it `isOurs`; the password is the secret `prometheus-password`. */
  readonly user: string;
  readonly password: SecretName;
}

export interface PrometheusFeatures {
  /** Range selectors leave out their left end (Prometheus 3). */
  readonly leftOpenRanges: boolean;
  /** `scrape_config_files` (2.43). */
  readonly scrapeConfigFiles: boolean;
  /** `promtool check ready`, which asks with credentials (2.44). */
  readonly readyCheck: boolean;
  /** `keep_firing_for` in alerting rules (2.42). */
  readonly keepFiringFor: boolean;
  /** Environment variables in external labels without being told to (3.0). */
  readonly expandsExternalLabels: boolean;
}

export interface AlertmanagerSettings extends Replicated {
  readonly version: string;
  readonly features: AlertmanagerFeatures;
  readonly user: string;
  readonly password: SecretName;
  readonly email: EmailReceiver | null;
  readonly slack: SlackReceiver | null;
  /** URL (secret) that Watchdog calls again and again; its silence is noticed outside. */
  readonly heartbeat: SecretName | null;
}

export interface AlertmanagerFeatures {
  /** `date`, `tz`, `since`, `humanizeDuration` in templates (0.28). */
  readonly templateTime: boolean;
  /** mail `threading` (0.30). */
  readonly emailThreading: boolean;
  /** webhook `url_file` (0.26). */
  readonly webhookUrlFile: boolean;
}

export interface EmailReceiver {
  /** `host:port` of the mail server. */
  readonly smarthost: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | null;
  readonly password: SecretName | null;
  /** STARTTLS required; false only towards a server on loopback. */
  readonly tls: boolean;
}

export interface SlackReceiver {
  readonly webhook: SecretName;
  readonly channel: string;
}

export interface GrafanaSettings {
  /** Base URL of Grafana, without trailing slash; null: dashboards are shown elsewhere. */
  readonly url: string | null;
}

export interface AlertOverride {
  readonly threshold?: number;
  /** The Grafana unit in which the threshold was written, `%`, a duration or a size; absent for a plain number. */
  readonly thresholdUnit?: ThresholdUnit;
  /** Seconds, already divided by the pace. */
  readonly for?: number;
  readonly severity?: Severity;
  readonly enabled?: boolean;
}

export type ThresholdUnit = 'percentunit' | 's' | 'bytes';

export type Severity = 'critical' | 'warning' | 'info';
export const severities: readonly Severity[] = ['critical', 'warning', 'info'];

/** Where the stack's objects go, who applies them, and what of it is installed there. */
export interface ClusterSettings {
  /** Context of the kubeconfig; null: `--context` must name it. The current context is never taken silently. */
  readonly context: string | null;
  /** Namespace of Lookout's own objects. */
  readonly namespace: string;
  readonly distribution: Distribution;
  /** What rights there are: with `namespace` nodes, their statistics and other namespaces are out of reach. */
  readonly access: 'cluster' | 'namespace';
  /** Directory of the nodes below which local-path claims lie, as `<volume>_<namespace>_<claim>`; null: there are none. */
  readonly localPath: string | null;
  readonly flavour: Flavour;
  /** What the operators of the cluster ask for; of no meaning in flavour `standalone`. */
  readonly operator: OperatorSettings;
  readonly delivery: Delivery;
  readonly components: Readonly<Record<Component, ComponentSetting>>;
  /** Of the components that keep data; of no meaning where the component is not installed. */
  readonly storage: Readonly<Record<StoredComponent, StorageSettings>>;
  readonly grafana: ClusterGrafana;
  readonly jaeger: JaegerSettings;
  readonly images: ImageSettings;
}

export type Distribution = 'kubernetes' | 'k3s' | 'openshift';
export const distributions: readonly Distribution[] = ['kubernetes', 'k3s', 'openshift'];

/** `operator`: Prometheus, Alertmanager and Grafana are others', and are told what to do by objects that operators read. */
export type Flavour = 'standalone' | 'operator';
export const flavours: readonly Flavour[] = ['standalone', 'operator'];

export interface OperatorSettings {
  /** What stands on every object for an operator, so that its selectors find it. */
  readonly labels: Readonly<Record<string, string>>;
  /** How dashboards get into a Grafana of others. */
  readonly dashboards: DashboardDelivery;
  /** Labels of the Grafanas to which grafana-operator gives the dashboards. */
  readonly grafana: Readonly<Record<string, string>>;
}

/** By objects of grafana-operator, by ConfigMaps for the sidecar of a Grafana, or not at all. */
export type DashboardDelivery = 'grafana-operator' | 'sidecar' | 'none';
export const dashboardDeliveries: readonly DashboardDelivery[] = ['grafana-operator', 'sidecar', 'none'];

/** `files`: a directory that others apply; `sops` are the age recipients of the Secrets among them. */
export type Delivery =
  | { readonly kind: 'apply' }
  | {
      readonly kind: 'files';
      readonly gitops: 'flux' | 'argocd' | null;
      /** Where they find the directory; null: no object is made that tells them. */
      readonly source: GitSource | null;
      readonly sops: readonly string[] | null;
    };

export interface GitSource {
  /** Flux: name of a GitRepository; Argo CD: its URL. */
  readonly repository: string;
  /** Of the directory with the objects, below the root of the repository. */
  readonly path: string;
  /** Branch, tag or commit; Flux has it in its GitRepository. */
  readonly revision: string;
  /** Of the object that tells of it. */
  readonly namespace: string;
}

export type Component =
  | 'prometheus'
  | 'alertmanager'
  | 'grafana'
  | 'exporter'
  | 'kubeStateMetrics'
  | 'nodeExporter'
  | 'blackbox'
  | 'otelCollector'
  | 'jaeger'
  | DatabaseExporter;
export const components: readonly Component[] = [
  'prometheus',
  'alertmanager',
  'grafana',
  'exporter',
  'kubeStateMetrics',
  'nodeExporter',
  'blackbox',
  'postgresExporter',
  'mongodbExporter',
  'redisExporter',
  'otelCollector',
  'jaeger',
];
/** The components that tell of databases: one program for each database of the engine. */
export const databaseExporters = {
  postgres: 'postgresExporter',
  mongodb: 'mongodbExporter',
  redis: 'redisExporter',
} as const satisfies Readonly<Record<DatabaseEngine, string>>;
export type DatabaseExporter = (typeof databaseExporters)[DatabaseEngine];

export type StoredComponent = 'prometheus' | 'alertmanager' | 'grafana' | 'jaeger';

export type ComponentSetting =
  | { readonly kind: 'install' }
  /** `host:port` of what is there already. */
  | { readonly kind: 'existing'; readonly address: string }
  | { readonly kind: 'none' };

export interface StorageSettings {
  /** Bytes to ask for; of no meaning where a claim exists. */
  readonly size: number;
  /** null: the cluster's default class. */
  readonly storageClass: string | null;
  /** A claim that exists already and is used instead of one of our own. */
  readonly claim: string | null;
}

/** Of a Jaeger that is installed. */
export interface JaegerSettings {
  /** Seconds for which a trace is kept on the claim. */
  readonly retention: number;
  /** So many traces are kept in memory, the newest ones, and none on a claim; null: they are kept on the claim. */
  readonly memory: number | null;
}

export interface ClusterGrafana {
  /** `host:port` under which others in the cluster reach it. */
  readonly address: string;
  readonly user: string;
  readonly password: SecretName;
  /** Key with which Grafana encrypts what it stores. */
  readonly secretKey: SecretName;
  readonly exposure: GrafanaExposure;
  /** How people log in besides the admin; null: nobody else does. */
  readonly auth: GrafanaAuth | null;
}

/** Source: Grafana documentation, "Configure authentication". `role`: a JMESPath expression; null: everybody is a Viewer. */
export type GrafanaAuth =
  /** A proxy tells the name in a header, which is believed from these networks only. */
  | { readonly kind: 'proxy'; readonly header: string; readonly from: readonly string[] }
  | {
      readonly kind: 'jwt';
      readonly header: string;
      readonly jwkSetUrl: string;
      readonly issuer: string;
      readonly audience: string | null;
      /** The claims with the name and the mail address. */
      readonly user: string;
      readonly email: string;
      readonly role: string | null;
    }
  | {
      readonly kind: 'oidc';
      /** What the button says. */
      readonly name: string;
      readonly client: string;
      readonly clientSecret: SecretName;
      readonly authUrl: string;
      readonly tokenUrl: string;
      readonly apiUrl: string;
      readonly scopes: readonly string[];
      readonly role: string | null;
    };

/** How people reach Grafana. `path` is its sub-path without trailing slash, empty at the root of its host. */
export type GrafanaExposure =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'ingress';
      readonly host: string;
      readonly path: string;
      /** null: the cluster's default class. */
      readonly ingressClass: string | null;
      /** ClusterIssuer of cert-manager; null: no TLS at the Ingress unless `tlsSecret` names a Secret that exists. */
      readonly issuer: string | null;
      readonly tlsSecret: string | null;
    }
  | { readonly kind: 'route'; readonly host: string; readonly path: string }
  /** Somebody else's gateway forwards `host` + `path` to our Service. */
  | { readonly kind: 'gateway'; readonly host: string; readonly path: string };

export interface ImageSettings {
  /** Registry and path that stand before every image instead of its own; null: the images' own registries. */
  readonly registry: string | null;
  readonly pullSecrets: readonly string[];
}

export interface LocalSettings {
  /** `host:port` of the start page, which also serves runbooks and silences. */
  readonly startPage: string;
  /** `host:port` of the inbox's SMTP server and of its HTTP page; null when every receiver is the user's own. */
  readonly inbox: { readonly smtp: string; readonly http: string } | null;
  /** The demonstration application, its backups, certificates and incidents run beside the stack. */
  readonly demonstration: boolean;
  /** Absolute path of this environment's state directory. */
  readonly state: string;
}

/** One file that a room produces: a path below `dist/<stack>/` with `/` as separator, and its bytes as text. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
}

/** Whether a component is run by this stack, and so asks for the credentials that it was given. */
export function isOurs({ cluster }: Stack, component: Component): boolean {
  return cluster === null || cluster.components[component].kind === 'install';
}

/** Why nothing watches Prometheus and Alertmanager themselves; undefined when this stack does. */
export function watchedByOthers({ cluster }: Stack): string | undefined {
  return cluster?.flavour === 'operator'
    ? 'flavour operator: Prometheus and Alertmanager are watched by whoever runs them'
    : undefined;
}

/**
 * What is called `name` in a Grafana of our own is called so in the one that this stack uses. One of others is shared with other
 * stacks, which have the same dashboards: there the name ends in eight digits of this stack. At most 40 characters.
 */
export function grafanaUid({ name: stack, cluster }: Stack, name: string): string {
  if (cluster?.flavour !== 'operator') return name;
  return `${name}-${createHash('sha256').update(stack).digest('hex').slice(0, 8)}`;
}

/**
 * Path of a secret's file as a component's configuration names it: relative to the configuration file, so that the same
 * output works in a mounted directory and in a local state directory. `provision/` puts the value there.
 */
export function credentialPath(secret: SecretName): string {
  return `credentials/${secret}`;
}

/** Whether a server is asked where paths are read: by it lies the file that it is compared with, or its authority. */
export function isAskedByPath({ files }: Certificates, { authority, expects }: CertificateEndpoint): boolean {
  return authority !== null || files.some(({ name }) => name === expects);
}

/** Whether any certificate is watched that can expire. */
export function watchesCertificates({ files, secrets, discover, certManager, endpoints }: Certificates): boolean {
  return discover !== null || [files, secrets, certManager, endpoints].some((declared) => declared.length > 0);
}

/** Where a claim is mounted in a pod of the exporter. */
export function claimDirectory(claim: string): string {
  return `/claims/${claim}`;
}

/** Names of the scrape jobs of Lookout's own parts (label `job`); an application's job has the application's name. */
export const jobs = {
  prometheus: 'lookout-prometheus',
  alertmanager: 'lookout-alertmanager',
  exporter: 'lookout-exporter',
} as const;

/** Name of the scrape job of all probes. */
export const probeJob = 'lookout-probes';
/** The scrape job of a database; also the name of the Service of an exporter that is installed for it. */
export function databaseJob(name: string): string {
  return `lookout-database-${name}`;
}

/** The programs of others that are scraped where an environment has them; each is its job. */
export const exporters = { kubeStateMetrics: 'kube-state-metrics', nodeExporter: 'node-exporter' } as const;
export type OtherExporter = keyof typeof exporters;

/** `host:port` of a program of others, of our Service or where it is already; null: there is none. */
export function exporterAddress(
  { components }: ClusterSettings,
  exporter: keyof typeof installedExporters,
): string | null {
  const setting = components[exporter];
  if (setting.kind === 'none') return null;
  return setting.kind === 'existing' ? setting.address : installedExporters[exporter];
}

const installedExporters = {
  kubeStateMetrics: 'lookout-kube-state-metrics:8080',
  nodeExporter: 'lookout-node-exporter:9100',
  blackbox: 'lookout-blackbox-exporter:9115',
} as const;

/** Jobs of the programs that take the telemetry of applications, and of the metrics that the collector took. */
export const telemetryJobs = {
  collector: 'lookout-otel-collector',
  jaeger: 'lookout-jaeger',
  applications: 'otel-applications',
} as const;

/** Services of the collector and of Jaeger that are installed, and ports that their own documentation uses. */
export const installedTelemetry = {
  collector: {
    host: 'lookout-otel-collector',
    otlpGrpc: 4317,
    otlpHttp: 4318,
    metrics: 8889,
    own: 8888,
    health: 13133,
  },
  jaeger: { host: 'lookout-jaeger', query: 16686, otlpGrpc: 4317, otlpHttp: 4318, own: 8888, health: 13133 },
} as const;

/** `host:port` of Jaeger's pages and API; null: there is none. */
export function jaegerAddress({ components: { jaeger } }: Pick<ClusterSettings, 'components'>): string | null {
  if (jaeger.kind === 'none') return null;
  const { host, query } = installedTelemetry.jaeger;
  return jaeger.kind === 'existing' ? jaeger.address : `${host}:${query}`;
}

/** `host` of the Jaeger that takes traces by OTLP on its usual ports; null: there is none. */
export function jaegerHost(cluster: Pick<ClusterSettings, 'components'>): string | null {
  return jaegerAddress(cluster)?.replace(/:\d+$/, '') ?? null;
}

/**
 * Base URL at which traces are taken by OTLP/HTTP: by the collector where there is a Jaeger behind it, else by a Jaeger of our
 * own; null: by nobody that is known. An `existing` collector is named by this address.
 */
export function traceReceiver({ components }: Pick<ClusterSettings, 'components'>): string | null {
  const { otelCollector, jaeger } = components;
  const { collector, jaeger: ours } = installedTelemetry;
  if (jaeger.kind === 'none') return null;
  if (otelCollector.kind === 'existing') return `http://${otelCollector.address}`;
  if (otelCollector.kind === 'install') return `http://${collector.host}:${collector.otlpHttp}`;
  return jaeger.kind === 'install' ? `http://${ours.host}:${ours.otlpHttp}` : null;
}

/** External label on every series and alert that leaves Prometheus: the stack's name. */
export const environmentLabel = 'environment';

/** External label that tells the series of several Prometheus apart; it is on no alert, so that theirs are one. */
export const replicaLabel = 'prometheus_replica';

/** Environment variable of a pod's containers with its name, which the configuration of several has in that label. */
export const podNameVariable = 'POD_NAME';

/** Name of the Service without an address of its own that gives each of several pods a name, beside the one of that name. */
export function podsService(name: string): string {
  return `${name}-pods`;
}

/**
 * `host:port` of each pod of a component: a single one is reached by its Service, several by the names that their headless
 * Service gives them. Source: Kubernetes documentation, "StatefulSets", stable network identity.
 */
export function podAddresses({ address, replicas }: Replicated): readonly string[] {
  if (replicas === 1) return [address];
  const [, name = '', port = ''] = /^(.*)(:\d+)$/.exec(address) ?? [];
  return Array.from({ length: replicas }, (_, index) => `${name}-${index}.${podsService(name)}${port}`);
}
