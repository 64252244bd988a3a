import { exporterAddress } from '../stack/types.ts';
import { type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, checksum, configMaps, configurationVolume } from './configuration.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, type PodWish, portOf, restrictedContainer, restrictedPod } from './pod.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { deployment } from './stateless.ts';

const directory = '/etc/blackbox';

/** It asks whatever it is told to: only Prometheus gets through to it. */
export const blackbox: ComponentSource = {
  name: 'blackbox-exporter',
  component: 'blackbox',
  render: (context) => {
    const address = exporterAddress(context.cluster, 'blackbox') ?? '';
    const name = serviceName(address);
    const pods = podsOf(context, 'blackbox');
    const configuration: Configuration = { name, files: filesBelow('blackbox', context.files), secrets: [] };
    return {
      objects: [
        ...configMaps(configuration),
        service(address, pods),
        networkPolicy(name, pods, [admit(context, 'prometheus')]),
        deployment(name, podOf(context, configuration, portOf(address)), context.cluster),
      ],
      secrets: [],
    };
  },
};

/** It reads its configuration on its start, and is started anew for another one. */
function podOf(context: Context, configuration: Configuration, port: number): PodWish {
  const { stack, cluster } = context;
  return {
    labels: podsOf(context, 'blackbox'),
    annotations: { 'lookout/configuration': checksum(...configuration.files.map(({ content }) => content)) },
    security: restrictedPod(cluster, nobody),
    containers: [container(context, port)],
    volumes: [configurationVolume(configuration, stack)],
  };
}

function container({ stack, cluster }: Context, port: number): object {
  const answers = { httpGet: { path: '/-/healthy', port: 'http' } };
  return {
    name: 'blackbox-exporter',
    image: image('blackbox', stack, cluster),
    args: [`--config.file=${directory}/blackbox.yml`, `--web.listen-address=:${port}`],
    ports: [{ name: 'http', containerPort: port }],
    resources: resources('blackbox'),
    securityContext: restrictedContainer,
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: { ...answers, periodSeconds: 30 },
    volumeMounts: [{ name: 'config', mountPath: directory, readOnly: true }],
  };
}
