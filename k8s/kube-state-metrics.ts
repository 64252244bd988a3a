import { exporterAddress } from '../stack/types.ts';
import type { BareObject, ComponentSource, Context } from './component.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, type PodWish, portOf, restrictedContainer, restrictedPod } from './pod.ts';
import { resources } from './resources.ts';
import { roleWithBinding } from './rights.ts';
import { service, serviceName } from './service.ts';
import { deployment } from './stateless.ts';

type Resources = Readonly<Record<string, readonly string[]>>;

/** What it tells of, by API group: what the operator of a small platform looks at, no Secret and no ConfigMap among it. */
const namespaced: Resources = {
  '': ['persistentvolumeclaims', 'pods', 'services'],
  apps: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'networking.k8s.io': ['ingresses'],
  policy: ['poddisruptionbudgets'],
};
const ofTheCluster: Resources = {
  '': ['namespaces', 'nodes', 'persistentvolumes'],
  'storage.k8s.io': ['storageclasses'],
};

/** kube-state-metrics asks nobody for credentials: only Prometheus gets through to it. */
export const kubeStateMetrics: ComponentSource = {
  name: 'kube-state-metrics',
  component: 'kubeStateMetrics',
  render: (context) => {
    const address = exporterAddress(context.cluster, 'kubeStateMetrics') ?? '';
    const name = serviceName(address);
    const pods = podsOf(context, 'kubeStateMetrics');
    return {
      objects: [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
        ...rights(context, name),
        service(address, pods),
        networkPolicy(name, pods, [admit(context, 'prometheus')]),
        deployment(name, podOf(context, name, portOf(address)), context.cluster),
      ],
      secrets: [],
    };
  },
};

function podOf(context: Context, name: string, port: number): PodWish {
  return {
    labels: podsOf(context, 'kubeStateMetrics'),
    security: restrictedPod(context.cluster, nobody),
    serviceAccount: name,
    containers: [container(context, port)],
    volumes: [],
  };
}

/** It tells of its own health on a port of its own, which nothing but the kubelet asks. */
function container(context: Context, port: number): object {
  const { stack, cluster } = context;
  const own = port + 1;
  return {
    name: 'kube-state-metrics',
    image: image('kubeStateMetrics', stack, cluster),
    args: [
      `--port=${port}`,
      `--telemetry-port=${own}`,
      `--resources=${Object.values(told(context)).flat().sort().join(',')}`,
      ...(cluster.access === 'namespace' ? [`--namespaces=${stack.namespace}`] : []),
    ],
    ports: [{ name: 'http', containerPort: port }],
    resources: resources('kubeStateMetrics'),
    securityContext: restrictedContainer,
    readinessProbe: { httpGet: { path: '/readyz', port: own }, periodSeconds: 10 },
    livenessProbe: { httpGet: { path: '/livez', port: 'http' }, periodSeconds: 30 },
  };
}

/** Just what it tells of: it lists and watches each kind. */
function rights(context: Context, name: string): readonly BareObject[] {
  const { stack, cluster } = context;
  const rules = Object.entries(told(context)).map(([group, kinds]) => ({
    apiGroups: [group],
    resources: kinds,
    verbs: ['list', 'watch'],
  }));
  const place = cluster.access === 'namespace' ? stack.namespace : null;
  return roleWithBinding(place, rules, { namespace: cluster.namespace, name });
}

function told({ cluster }: Context): Resources {
  if (cluster.access === 'namespace') return namespaced;
  const groups = [...new Set([...Object.keys(namespaced), ...Object.keys(ofTheCluster)])].sort();
  return Object.fromEntries(
    groups.map((group) => [group, [...(namespaced[group] ?? []), ...(ofTheCluster[group] ?? [])].sort()]),
  );
}
