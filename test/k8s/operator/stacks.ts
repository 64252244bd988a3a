import type { ClusterSettings, Stack } from '../../../stack/types.ts';
import { variants } from '../variants.ts';

const base = variants['standalone']!;
const components: ClusterSettings['components'] = {
  ...base.cluster!.components,
  prometheus: { kind: 'existing', address: 'prometheus-operated.monitoring.svc:9090' },
  alertmanager: { kind: 'existing', address: 'alertmanager-operated.monitoring.svc:9093' },
  grafana: { kind: 'none' },
};

function operated(cluster: Partial<ClusterSettings>, more: Partial<Stack> = {}): Stack {
  return {
    ...base,
    applications: base.applications.map((application) => ({
      ...application,
      metrics: { ...application.metrics!, address: 'shop:8080', interval: 15 },
    })),
    prometheus: { ...base.prometheus, address: 'prometheus-operated.monitoring.svc:9090' },
    alertmanager: { ...base.alertmanager, address: 'alertmanager-operated.monitoring.svc:9093' },
    ...more,
    cluster: { ...base.cluster!, flavour: 'operator', components, ...cluster },
  };
}

/** One stack of each kind that objects for operators differ for. */
export const operatorStacks: Readonly<Record<string, Stack>> = {
  /**
   * As beside kube-prometheus-stack, whose selectors ask for a label, with a Grafana of grafana-operator; the exporter of one
   * database is ours, of the other it is there already.
   */
  operator: operated(
    {
      operator: {
        labels: { release: 'monitoring' },
        dashboards: 'grafana-operator',
        grafana: { dashboards: 'central' },
      },
      components: {
        ...components,
        redisExporter: { kind: 'install' },
        jaeger: { kind: 'existing', address: 'jaeger.tracing.svc:16686' },
      },
    },
    {
      databases: base.databases.map((database) =>
        database.engine === 'redis'
          ? {
              ...database,
              exporter: 'lookout-database-queue:9121',
              access: {
                kind: 'server',
                address: 'redis:6379',
                database: null,
                user: null,
                password: null,
                tls: 'none',
              },
            }
          : database,
      ),
    },
  ),
  /** A Grafana whose sidecar reads ConfigMaps; all secrets are the user's own; the exporter answers in TLS. */
  'operator-sidecar': operated(
    { operator: { labels: {}, dashboards: 'sidecar', grafana: {} } },
    {
      secrets: {
        ...base.secrets,
        'scrape-token': { kind: 'kubernetes', secret: 'scrape', key: 'bearer' },
        'application-shop-token': { kind: 'kubernetes', secret: 'shop', key: 'token' },
        'smtp-password': { kind: 'kubernetes', secret: 'mail', key: 'password' },
        'slack-webhook': { kind: 'kubernetes', secret: 'chat', key: 'url' },
        'heartbeat-url': { kind: 'kubernetes', secret: 'heartbeat', key: 'url' },
        'exporter-certificate': { kind: 'kubernetes', secret: 'exporter-tls', key: 'tls.crt' },
        'exporter-key': { kind: 'kubernetes', secret: 'exporter-tls', key: 'tls.key' },
        'exporter-authority': { kind: 'kubernetes', secret: 'exporter-tls', key: 'ca.crt' },
      },
      alertmanager: { ...base.alertmanager, heartbeat: 'heartbeat-url' },
      exporter: {
        ...base.exporter,
        tls: {
          certificate: 'exporter-certificate',
          key: 'exporter-key',
          authority: 'exporter-authority',
          serverName: 'lookout-exporter',
        },
      },
    },
  ),
  /** An OpenShift project, which serves no ScrapeConfig, with no Grafana that takes objects; one exporter of others is ours, one is not; applications send to a collector. */
  'operator-openshift': operated({
    distribution: 'openshift',
    operator: { labels: {}, dashboards: 'none', grafana: {} },
    components: {
      ...components,
      prometheus: { kind: 'none' },
      alertmanager: { kind: 'none' },
      kubeStateMetrics: { kind: 'install' },
      otelCollector: { kind: 'install' },
      jaeger: { kind: 'install' },
      nodeExporter: { kind: 'existing', address: 'node-exporter.monitoring.svc:9100' },
    },
  }),
};
