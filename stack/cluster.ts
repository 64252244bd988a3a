import {
  claimSizes,
  clusterAddresses,
  clusterComponents,
  defaults,
  gitDefaults,
  localPathDirectories,
  operatedByOpenShift,
  operatedComponents,
  operatorDefaults,
} from './defaults.ts';
import { defined } from './records.ts';
import { databaseComponents } from './resolve-databases.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type {
  ClusterGrafana,
  ClusterSettings,
  Component,
  ComponentSetting,
  Delivery,
  GitSource,
  GrafanaAuth,
  GrafanaExposure,
  StorageSettings,
  StoredComponent,
} from './types.ts';

/** What holds in a cluster; null on one machine. */
export function clusterSettings(declared: Declared, namespace: string): ClusterSettings | null {
  if (declared.platform !== 'kubernetes') return null;
  const { cluster, images } = declared;
  const distribution = cluster?.distribution ?? 'kubernetes';
  const components = resolveComponents(declared);
  return {
    context: cluster?.context ?? null,
    namespace: cluster?.namespace ?? namespace,
    distribution,
    access: cluster?.access ?? 'cluster',
    localPath: cluster?.localPath ?? localPathDirectories[distribution],
    flavour: declared.flavour ?? 'standalone',
    operator: { ...operatorDefaults, ...defined(declared.operator ?? {}) },
    delivery: delivery(declared.delivery),
    components,
    storage: {
      prometheus: storage('prometheus', declared),
      alertmanager: storage('alertmanager', declared),
      grafana: storage('grafana', declared),
      jaeger: storage('jaeger', declared),
    },
    grafana: grafana(declared, components.grafana),
    jaeger: {
      retention: declared.jaeger?.retention ?? defaults.traces.retention,
      memory: declared.jaeger?.memory ?? null,
    },
    images: { registry: images?.registry ?? null, pullSecrets: images?.pullSecrets ?? [] },
  };
}

function delivery(declared: Declared['delivery']): Delivery {
  if (declared?.kind !== 'files') return { kind: 'apply' };
  const { gitops, source, sops } = declared;
  return { kind: 'files', gitops: gitops ?? null, source: gitSource(gitops, source), sops: sops ?? null };
}

function gitSource(
  gitops: NonNullable<Declared['delivery']>['gitops'],
  source: NonNullable<Declared['delivery']>['source'],
): GitSource | null {
  if (gitops === undefined || source === undefined) return null;
  const { repository, path, revision, namespace } = source;
  const { revision: usual } = gitDefaults;
  return {
    repository,
    path: path.replace(/^\.?\//, ''),
    revision: revision ?? usual,
    namespace: namespace ?? gitDefaults.namespace[gitops],
  };
}

function usualComponents({ flavour, cluster }: Declared): ClusterSettings['components'] {
  if (flavour !== 'operator') return clusterComponents;
  return cluster?.distribution === 'openshift' ? operatedByOpenShift : operatedComponents;
}

function resolveComponents(declared: Declared): ClusterSettings['components'] {
  const { components = {}, probes = [] } = declared;
  const { prometheus, alertmanager, grafana, kubeStateMetrics, nodeExporter, blackbox, otelCollector, jaeger } =
    components;
  const asked = probes.length > 0 ? { blackbox: { kind: 'install' } as const } : {};
  const usual = { ...usualComponents(declared), ...asked };
  const at = (component: Component, found: typeof prometheus): ComponentSetting => {
    if (found === undefined) return usual[component];
    return typeof found === 'string' ? { kind: found } : { kind: 'existing', address: found.existing };
  };
  return {
    ...usual,
    prometheus: at('prometheus', prometheus),
    alertmanager: at('alertmanager', alertmanager),
    grafana: at('grafana', grafana),
    kubeStateMetrics: at('kubeStateMetrics', kubeStateMetrics),
    nodeExporter: at('nodeExporter', nodeExporter),
    blackbox: at('blackbox', blackbox),
    ...databaseComponents(declared),
    otelCollector: at('otelCollector', otelCollector),
    jaeger: at('jaeger', jaeger),
  };
}

/** Where others reach a component: where it is already, or the Service that is made for it. */
export function addressOf(cluster: ClusterSettings, component: StoredComponent): string {
  const setting = cluster.components[component];
  return setting.kind === 'existing' ? setting.address : clusterAddresses[component];
}

function storage(component: StoredComponent, declared: Declared): StorageSettings {
  const { size, class: storageClass = null, claim = null } = declared[component]?.storage ?? {};
  return { size: size ?? claimSizes[component], storageClass, claim };
}

function grafana({ grafana: declared }: Declared, setting: ComponentSetting): ClusterGrafana {
  return {
    address: setting.kind === 'existing' ? setting.address : clusterAddresses.grafana,
    user: defaults.grafanaUser,
    password: secretNames.grafana,
    secretKey: secretNames.grafanaKey,
    exposure: exposure(declared?.access),
    auth: auth(declared?.auth),
  };
}

type Auth = NonNullable<Declared['grafana']>['auth'];

function auth({ proxy, jwt, oidc }: NonNullable<Auth> = {}): GrafanaAuth | null {
  if (proxy !== undefined) return { kind: 'proxy', header: proxy.header ?? 'X-WEBAUTH-USER', from: proxy.from };
  if (jwt !== undefined) {
    const { header = 'X-JWT-Assertion', audience = null, user = 'sub', email = 'email', role = null } = jwt;
    return { kind: 'jwt', header, jwkSetUrl: jwt.jwkSetUrl, issuer: jwt.issuer, audience, user, email, role };
  }
  if (oidc === undefined) return null;
  const { name = 'SSO', scopes = ['openid', 'profile', 'email'], role = null, clientSecret: _, ...given } = oidc;
  return { kind: 'oidc', name, scopes, role, clientSecret: secretNames.grafanaClient, ...given };
}

type Access = NonNullable<Declared['grafana']>['access'];

function exposure({ ingress, route, gateway }: NonNullable<Access> = {}): GrafanaExposure {
  if (ingress !== undefined) {
    const { class: ingressClass = null, issuer = null, tlsSecret = null } = ingress;
    return { kind: 'ingress', ...place(ingress), ingressClass, issuer, tlsSecret };
  }
  if (route !== undefined) return { kind: 'route', ...place(route) };
  return gateway === undefined ? { kind: 'none' } : { kind: 'gateway', ...place(gateway) };
}

function place({ host, path = '' }: { readonly host: string; readonly path?: string | undefined }) {
  return { host, path: path.replace(/\/+$/, '') };
}

/** The address that people type; null: nobody but a port-forward reaches it. An Ingress without a certificate has no TLS. */
export function grafanaUrl({ grafana: { exposure: exposed } }: ClusterSettings): string | null {
  if (exposed.kind === 'none') return null;
  const open = exposed.kind === 'ingress' && exposed.issuer === null && exposed.tlsSecret === null;
  return `${open ? 'http' : 'https'}://${exposed.host}${exposed.path}`;
}
