import { installedTelemetry } from '../stack/types.ts';
import { type BareObject, type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, checksum, configMaps, configurationVolume } from './configuration.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { type Admission, networkPolicy } from './network.ts';
import { senders } from './otel-collector.ts';
import { type PodWish, restrictedContainer, restrictedPod } from './pod.ts';
import { resources } from './resources.ts';
import { type NamedPort, service } from './service.ts';
import { dataVolume, statefulSet } from './stateful.ts';
import { deployment } from './stateless.ts';

const { jaeger: at } = installedTelemetry;
const directory = '/etc/jaeger';

/** User of the image. */
const user = 10001;

/** Its ports besides `http`, where people and Grafana look at traces. */
const further: readonly NamedPort[] = [
  { name: 'own', port: at.own },
  { name: 'otlp-grpc', port: at.otlpGrpc },
  { name: 'otlp-http', port: at.otlpHttp },
];

/** Jaeger on a claim, or in memory where the environment says so. It asks nobody for credentials: only Grafana gets to its pages. */
export const jaeger: ComponentSource = {
  name: 'jaeger',
  component: 'jaeger',
  render: (context) => {
    const pods = podsOf(context, 'jaeger');
    const configuration: Configuration = { name: at.host, files: filesBelow('jaeger', context.files), secrets: [] };
    return {
      objects: [
        ...configMaps(configuration),
        service(`${at.host}:${at.query}`, pods, {}, further),
        networkPolicy(at.host, pods, admissions(context)),
        workload(context, configuration),
      ],
      secrets: [],
    };
  },
};

/** Applications send to the collector where there is one, and only it gets through then. */
function admissions(context: Context): readonly Admission[] {
  const { kind } = context.cluster.components.otelCollector;
  const collector = ['otlp-grpc', 'otlp-http'].map((port) => ({ ...admit(context, 'otelCollector'), port }));
  return [
    admit(context, 'grafana'),
    { ...admit(context, 'prometheus'), port: 'own' },
    ...(kind === 'none' ? senders(context, at.host) : collector.slice(0, kind === 'install' ? 1 : 2)),
  ];
}

function workload(context: Context, configuration: Configuration): BareObject {
  const { cluster } = context;
  const labels = podsOf(context, 'jaeger');
  const pod = podOf(context, configuration);
  return cluster.jaeger.memory === null
    ? statefulSet({ name: at.host, component: 'jaeger', replicas: 1, selector: labels, pod }, cluster)
    : deployment(at.host, { ...pod, labels }, cluster);
}

/** It reads its configuration on its start, and is started anew for another one. */
function podOf(context: Context, configuration: Configuration): Omit<PodWish, 'labels'> {
  const { stack, cluster } = context;
  return {
    annotations: { 'lookout/configuration': checksum(...configuration.files.map(({ content }) => content)) },
    security: restrictedPod(cluster, user),
    containers: [container(context)],
    volumes: [configurationVolume(configuration, stack)],
  };
}

function container({ stack, cluster }: Context): object {
  const healthy = { httpGet: { path: '/status', port: at.health } };
  const isKept = cluster.jaeger.memory === null;
  return {
    name: 'jaeger',
    image: image('jaeger', stack, cluster),
    args: [`--config=${directory}/jaeger.yaml`],
    ports: [{ name: 'http', port: at.query }, ...further].map(({ name, port }) => ({ name, containerPort: port })),
    resources: resources('jaeger'),
    securityContext: restrictedContainer,
    // It reads its whole index before it answers.
    startupProbe: { ...healthy, periodSeconds: 3, failureThreshold: 200 },
    readinessProbe: { ...healthy, periodSeconds: 10 },
    livenessProbe: { ...healthy, periodSeconds: 30 },
    volumeMounts: [
      { name: 'config', mountPath: directory, readOnly: true },
      ...(isKept ? [{ name: dataVolume, mountPath: '/badger' }] : []),
    ],
  };
}
