import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadOne, stackOf } from './load.ts';

const cluster = (keys: object) => stackOf(stringify({ platform: 'kubernetes', namespace: 'shop', ...keys }));

describe('a stack in a cluster', () => {
  test('installs its own Prometheus, Alertmanager and Grafana, with claims, beside the application', () => {
    const { cluster: settings, prometheus, grafana } = cluster({});
    expect(settings).toMatchObject({
      context: null,
      namespace: 'shop',
      distribution: 'kubernetes',
      access: 'cluster',
      localPath: null,
      components: { prometheus: { kind: 'install' }, alertmanager: { kind: 'install' }, grafana: { kind: 'install' } },
      storage: { prometheus: { size: 10 * 1024 ** 3, storageClass: null, claim: null } },
      grafana: { address: 'lookout-grafana:3000', exposure: { kind: 'none' } },
      images: { registry: null, pullSecrets: [] },
    });
    expect([prometheus.address, grafana.url]).toEqual(['lookout-prometheus:9090', null]);
  });

  test('keeps samples in four fifths of the claim, unless it says how much', () => {
    const kept = (prometheus: object) => cluster({ prometheus }).prometheus.retention.size;
    expect(kept({})).toBe(8 * 1024 ** 3);
    expect(kept({ storage: { size: '20Gi' } })).toBe(16 * 1024 ** 3);
    expect(kept({ storage: { claim: 'metrics', size: '5Gi' } })).toBe(4 * 1024 ** 3);
    expect(kept({ storage: { claim: 'metrics' }, retention: { size: '3Gi' } })).toBe(3 * 1024 ** 3);
    expect(kept({ retention: { size: '2Gi' } })).toBe(2 * 1024 ** 3);
  });

  test('finds what is there already at its address, and limits nothing of it', () => {
    const components = {
      prometheus: { existing: 'prometheus.monitoring.svc:9090' },
      alertmanager: { existing: 'alertmanager.monitoring.svc:9093' },
      grafana: { existing: 'grafana.monitoring.svc:80' },
    };
    const stack = cluster({ components });
    expect([stack.prometheus.address, stack.alertmanager.address, stack.cluster?.grafana.address]).toEqual([
      'prometheus.monitoring.svc:9090',
      'alertmanager.monitoring.svc:9093',
      'grafana.monitoring.svc:80',
    ]);
    expect(stack.prometheus.retention.size).toBeNull();
  });

  test('leaves Prometheus, Alertmanager and Grafana to operators where the flavour says so', () => {
    const { cluster: settings, prometheus } = cluster({ flavour: 'operator', operator: { dashboards: 'sidecar' } });
    expect(settings?.components).toMatchObject({
      prometheus: { kind: 'existing', address: 'prometheus-operated.monitoring.svc:9090' },
      alertmanager: { kind: 'existing' },
      grafana: { kind: 'none' },
      exporter: { kind: 'install' },
    });
    expect(settings?.operator).toEqual({ labels: {}, dashboards: 'sidecar', grafana: { dashboards: 'grafana' } });
    expect(prometheus.address).toBe('prometheus-operated.monitoring.svc:9090');
    const beside = cluster({
      flavour: 'operator',
      components: { grafana: 'install', prometheus: { existing: 'a:1' } },
    });
    expect(beside.cluster?.components.grafana).toEqual({ kind: 'install' });
    expect(beside.prometheus.address).toBe('a:1');
  });

  test('is applied by lookout unless others take its files', () => {
    const sops = [`age1${'q'.repeat(58)}`];
    const delivery = (found: object) => cluster({ delivery: found }).cluster?.delivery;
    expect(cluster({}).cluster?.delivery).toEqual({ kind: 'apply' });
    const source = { repository: 'flux-system', path: './infra/lookout' };
    expect(delivery({ kind: 'files' })).toEqual({ kind: 'files', gitops: null, source: null, sops: null });
    expect(delivery({ kind: 'files', gitops: 'flux', source, sops })).toEqual({
      kind: 'files',
      gitops: 'flux',
      source: { ...source, path: 'infra/lookout', revision: 'HEAD', namespace: 'flux-system' },
      sops,
    });
  });

  test('has a claim mounted where nobody may ask the kubelets', () => {
    const [volume] = cluster({ cluster: { access: 'namespace' }, volumes: [{ claim: 'data' }] }).volumes;
    expect(volume).toMatchObject({ name: 'data', claim: 'data', directory: '/claims/data' });
  });
});

describe('the address of Grafana, for links', () => {
  const url = (grafana: object, more: object = {}) => cluster({ grafana, ...more }).grafana.url;
  const host = 'shop.test';

  test('follows from the way to it', () => {
    expect(url({ access: { ingress: { host } } })).toBe('http://shop.test');
    expect(url({ access: { ingress: { host, issuer: 'letsencrypt' } } })).toBe('https://shop.test');
    expect(url({ access: { ingress: { host, tlsSecret: 'tls', path: '/grafana/' } } })).toBe(
      'https://shop.test/grafana',
    );
    expect(url({ access: { gateway: { host, path: '/monitor' } } })).toBe('https://shop.test/monitor');
    const openshift = { cluster: { distribution: 'openshift' } };
    expect(url({ access: { route: { host, path: '/' } } }, openshift)).toBe('https://shop.test');
  });

  test('is another one where the environment says so, as behind a proxy that ends TLS', () => {
    expect(url({ url: 'https://grafana.shop.test', access: { ingress: { host } } })).toBe('https://grafana.shop.test');
  });
});

test('explain tells where each came from', () => {
  const { origins } = loadOne(`platform: kubernetes
namespace: shop
cluster:
  context: april
components:
  alertmanager: { existing: "alertmanager.monitoring:9093" }
images:
  registry: registry.test
prometheus:
  storage: { class: fast }
grafana:
  access:
    ingress:
      host: shop.test
      class: nginx
`);
  const at = (path: string) => origins.get(path);
  expect(at('cluster.context')).toBe('environment.yaml:4');
  expect(at('cluster.namespace')).toBe('default');
  expect(at('cluster.components.alertmanager.address')).toBe('environment.yaml:6');
  expect(at('alertmanager.address')).toBe('environment.yaml:6');
  expect(at('prometheus.address')).toBe('built-in');
  expect(at('cluster.images.registry')).toBe('environment.yaml:8');
  expect(at('cluster.storage.prometheus.storageClass')).toBe('environment.yaml:10');
  expect(at('cluster.storage.prometheus.size')).toBe('default');
  expect(at('cluster.grafana.exposure.kind')).toBe('environment.yaml:12');
  expect(at('cluster.grafana.exposure.host')).toBe('environment.yaml:14');
  expect(at('cluster.grafana.exposure.ingressClass')).toBe('environment.yaml:15');
  expect(at('cluster.grafana.exposure.issuer')).toBe('default');
  expect(at('grafana.url')).toBe('environment.yaml:12');
});
