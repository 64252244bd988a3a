import type { ClusterSettings, GrafanaExposure } from '../stack/types.ts';
import type { BareObject } from './component.ts';
import { serviceName } from './service.ts';

type Ingress = Extract<GrafanaExposure, { kind: 'ingress' }>;
type Route = Extract<GrafanaExposure, { kind: 'route' }>;

/** The object by which people reach Grafana; none where a gateway forwards to the Service, or nobody reaches it. */
export function exposure({ grafana }: ClusterSettings, name: string): readonly BareObject[] {
  switch (grafana.exposure.kind) {
    case 'ingress':
      return [ingress(grafana.exposure, name, serviceName(grafana.address))];
    case 'route':
      return [route(grafana.exposure, name, serviceName(grafana.address))];
    case 'gateway':
    case 'none':
      return [];
  }
}

/** Of Grafana's address; empty at the root of its host. */
export function subPath({ grafana: { exposure } }: ClusterSettings): string {
  return exposure.kind === 'none' ? '' : exposure.path;
}

function ingress(exposed: Ingress, name: string, backend: string): BareObject {
  const { host, path, ingressClass, issuer } = exposed;
  const secretName = tlsSecret(exposed);
  const target = { service: { name: backend, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, ...(issuer === null ? {} : { annotations: { 'cert-manager.io/cluster-issuer': issuer } }) },
    spec: {
      ...(ingressClass === null ? {} : { ingressClassName: ingressClass }),
      ...(secretName === null ? {} : { tls: [{ hosts: [host], secretName }] }),
      rules: [{ host, http: { paths: [{ path: `${path}/`, pathType: 'Prefix', backend: target }] } }],
    },
  };
}

/** The Secret with the certificate: the one that is named, or the one that cert-manager is to fill. */
function tlsSecret({ issuer, tlsSecret }: Ingress): string | null {
  return tlsSecret ?? (issuer === null ? null : 'lookout-grafana-tls');
}

/** Source: OpenShift documentation, "Route [route.openshift.io/v1]". */
function route({ host, path }: Route, name: string, backend: string): BareObject {
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name },
    spec: {
      host,
      ...(path === '' ? {} : { path }),
      to: { kind: 'Service', name: backend, weight: 100 },
      port: { targetPort: 'http' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  };
}
