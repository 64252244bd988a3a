import type {
  Component,
  ComponentSetting,
  DatabaseEngine,
  Distribution,
  OperatorSettings,
  Platform,
  StoredComponent,
} from './types.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Every value that an environment may leave out, in seconds and bytes of production. */
export const defaults = {
  timezone: 'UTC',
  pace: 1,
  intervals: {
    scrape: 15,
    evaluation: 15,
    collection: minute,
    groupWait: 30,
    groupInterval: 5 * minute,
    repeat: 4 * hour,
    /** At least this, and at least four scrape intervals. */
    rateWindow: 5 * minute,
  },
  metrics: { scheme: 'http', path: '/metrics' },
  backup: {
    grace: hour,
    settle: minute,
    /** `find -mtime +14` keeps a dump for almost 15 days, and a daily clean-up comes up to a day later. */
    tolerance: 2 * day,
    floor: 1,
  },
  endpoint: { port: 443, timeout: 5 },
  probe: { timeout: 5 },
  retention: { time: 15 * day },
  traces: { retention: 7 * day },
  user: 'lookout',
  /** Grafana's first user; it is not renamed, so that its own documentation fits. */
  grafanaUser: 'admin',
  inbox: { from: 'lookout@lookout.test', to: ['operator@lookout.test'], channel: '#alerts' },
} as const;

/** Debian 12's programs on one machine; current lines in a cluster. */
export const defaultVersions: Readonly<
  Record<Platform, { readonly prometheus: string; readonly alertmanager: string }>
> = {
  local: { prometheus: '2.42.0', alertmanager: '0.25.0' },
  kubernetes: { prometheus: '3.5.3', alertmanager: '0.33.1' },
};

/** Where the parts of a stack listen, as `host:port`. */
export interface Addresses {
  readonly startPage: string;
  readonly exporter: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly inboxSmtp: string;
  readonly inboxHttp: string;
  /** The demonstration application by HTTP and by TLS. */
  readonly demoApp: string;
  readonly demoHttps: string;
}

/** Where the parts of a local stack listen unless the local platform finds these ports taken. */
export const localAddresses: Addresses = {
  startPage: '127.0.0.1:19300',
  demoApp: '127.0.0.1:19301',
  demoHttps: '127.0.0.1:19302',
  exporter: '127.0.0.1:19303',
  prometheus: '127.0.0.1:19304',
  alertmanager: '127.0.0.1:19305',
  inboxSmtp: '127.0.0.1:19306',
  inboxHttp: '127.0.0.1:19307',
};

/** Where the local-path provisioner of a distribution keeps claims. Source: K3s documentation, Volumes and Storage. */
export const localPathDirectories: Readonly<Record<Distribution, string | null>> = {
  kubernetes: null,
  k3s: '/var/lib/rancher/k3s/storage',
  openshift: null,
};

/** Services of the stack's own namespace. */
export const clusterAddresses = {
  exporter: 'lookout-exporter:9480',
  exporterNode: 'lookout-exporter-node:9480',
  prometheus: 'lookout-prometheus:9090',
  alertmanager: 'lookout-alertmanager:9093',
  grafana: 'lookout-grafana:3000',
  jaeger: 'lookout-jaeger:16686',
} as const;

/** Ports of the servers, and those on which their exporters answer by themselves. */
export const databasePorts: Readonly<Record<DatabaseEngine, { readonly server: number; readonly exporter: number }>> = {
  postgres: { server: 5432, exporter: 9187 },
  mongodb: { server: 27_017, exporter: 9216 },
  redis: { server: 6379, exporter: 9121 },
};

/** The database that an exporter connects to, of MongoDB the one that knows its user. */
export const databaseNames: Readonly<Record<DatabaseEngine, string | null>> = {
  postgres: 'postgres',
  mongodb: 'admin',
  redis: null,
};

/** Which components a stack in a cluster installs unless the environment says otherwise. */
export const clusterComponents: Readonly<Record<Component, ComponentSetting>> = {
  prometheus: { kind: 'install' },
  alertmanager: { kind: 'install' },
  grafana: { kind: 'install' },
  exporter: { kind: 'install' },
  kubeStateMetrics: { kind: 'none' },
  nodeExporter: { kind: 'none' },
  blackbox: { kind: 'none' },
  postgresExporter: { kind: 'none' },
  mongodbExporter: { kind: 'none' },
  redisExporter: { kind: 'none' },
  otelCollector: { kind: 'none' },
  jaeger: { kind: 'none' },
};

/**
 * The same where operators run Prometheus and Alertmanager: the Services that prometheus-operator makes for all that it runs in a
 * namespace. Source: prometheus-operator, `pkg/prometheus/server/operator.go` and `pkg/alertmanager/statefulset.go`.
 */
export const operatedComponents: Readonly<Record<Component, ComponentSetting>> = {
  ...clusterComponents,
  prometheus: { kind: 'existing', address: 'prometheus-operated.monitoring.svc:9090' },
  alertmanager: { kind: 'existing', address: 'alertmanager-operated.monitoring.svc:9093' },
  grafana: { kind: 'none' },
};

/** OpenShift's own answer its console and other programs of the platform only: nothing asks them from here. */
export const operatedByOpenShift: Readonly<Record<Component, ComponentSetting>> = {
  ...operatedComponents,
  prometheus: { kind: 'none' },
  alertmanager: { kind: 'none' },
};

/** Objects without labels of their own; dashboards for the Grafanas that the examples of grafana-operator select. */
export const operatorDefaults: OperatorSettings = {
  labels: {},
  dashboards: 'grafana-operator',
  grafana: { dashboards: 'grafana' },
};

/** Where Flux and Argo CD keep their own objects unless they were told otherwise. */
export const gitDefaults = {
  revision: 'HEAD',
  namespace: { flux: 'flux-system', argocd: 'argocd' },
} as const;

/** Bytes of the claims in a cluster. */
export const claimSizes: Readonly<Record<StoredComponent, number>> = {
  prometheus: 10 * 1024 ** 3,
  alertmanager: 1024 ** 3,
  grafana: 1024 ** 3,
  jaeger: 5 * 1024 ** 3,
};

/** Variables that every environment of platform `local` may use without setting them. */
export function builtInVariables(state: string, addresses: Addresses): Readonly<Record<string, string>> {
  return { LOOKOUT_STATE: state, LOOKOUT_DEMO_APP: addresses.demoApp, LOOKOUT_DEMO_HTTPS: addresses.demoHttps };
}
