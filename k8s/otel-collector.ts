import { installedTelemetry, traceReceiver } from '../stack/types.ts';
import { type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, checksum, configMaps, configurationVolume } from './configuration.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { type Admission, networkPolicy } from './network.ts';
import { type PodWish, restrictedContainer, restrictedPod, selector } from './pod.ts';
import { resources } from './resources.ts';
import { type NamedPort, service, serviceName } from './service.ts';
import { deployment } from './stateless.ts';

const { collector } = installedTelemetry;
const directory = '/etc/otelcol';

/** User of the image. */
const user = 10001;

/** Its ports besides `http`, where Prometheus fetches the metrics of applications. */
const further: readonly NamedPort[] = [
  { name: 'own', port: collector.own },
  { name: 'otlp-grpc', port: collector.otlpGrpc },
  { name: 'otlp-http', port: collector.otlpHttp },
];

/** Takes metrics and traces from the pods of the watched namespace, and gives them to Prometheus and to Jaeger. */
export const otelCollector: ComponentSource = {
  name: 'otel-collector',
  component: 'otelCollector',
  render: (context) => {
    const pods = podsOf(context, 'otelCollector');
    const configuration: Configuration = {
      name: collector.host,
      files: filesBelow('otel-collector', context.files),
      secrets: [],
    };
    return {
      objects: [
        ...configMaps(configuration),
        service(`${collector.host}:${collector.metrics}`, pods, {}, further),
        networkPolicy(collector.host, pods, admissions(context)),
        deployment(collector.host, podOf(context, configuration), context.cluster),
      ],
      secrets: [],
    };
  },
};

function admissions(context: Context): readonly Admission[] {
  const scraper = admit(context, 'prometheus');
  return [scraper, { ...scraper, port: 'own' }, ...senders(context, collector.host)];
}

/** Who sends OTLP to a Service: the pods of the watched namespace, and the exporter where its traces go there. */
export function senders({ stack, cluster }: Context, host: string): readonly Admission[] {
  const names = [stack.exporter.address, ...(stack.exporter.node === null ? [] : [stack.exporter.node.address])];
  const traced = stack.exporter.traces === traceReceiver(cluster) && stack.exporter.traces?.includes(`//${host}:`);
  const from = traced === true ? names.map((address) => selector(stack, serviceName(address))) : [];
  return ['otlp-grpc', 'otlp-http'].map((port) => ({
    port,
    from: port === 'otlp-http' ? from : [],
    namespaces: [stack.namespace],
  }));
}

/** It reads its configuration on its start, and is started anew for another one. */
function podOf(context: Context, configuration: Configuration): PodWish {
  const { stack, cluster } = context;
  return {
    labels: podsOf(context, 'otelCollector'),
    annotations: { 'lookout/configuration': checksum(...configuration.files.map(({ content }) => content)) },
    security: restrictedPod(cluster, user),
    containers: [container(context)],
    volumes: [configurationVolume(configuration, stack)],
  };
}

function container({ stack, cluster }: Context): object {
  const healthy = { httpGet: { path: '/', port: collector.health } };
  return {
    name: 'otel-collector',
    image: image('otelCollector', stack, cluster),
    args: [`--config=${directory}/collector.yaml`],
    ports: [{ name: 'http', port: collector.metrics }, ...further].map(({ name, port }) => ({
      name,
      containerPort: port,
    })),
    resources: resources('otelCollector'),
    securityContext: restrictedContainer,
    readinessProbe: { ...healthy, periodSeconds: 10 },
    livenessProbe: { ...healthy, periodSeconds: 30 },
    volumeMounts: [{ name: 'config', mountPath: directory, readOnly: true }],
  };
}
