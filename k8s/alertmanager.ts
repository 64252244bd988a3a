import { podAddresses, type Replicated } from '../stack/types.ts';
import { type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, configMaps, configurationVolume } from './configuration.ts';
import { valuesFor } from './credentials.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, portOf, restrictedContainer, restrictedPod } from './pod.ts';
import { reloadArguments, reloader } from './reloader.ts';
import { admitPeers, beside, type PeerPort, spread } from './replicas.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { dataVolume, statefulSet } from './stateful.ts';

const directory = '/etc/alertmanager';

const gossipPort = 9094;

/** By which several tell each other silences and what was sent. Source: Alertmanager documentation, "High Availability". */
const gossip: readonly PeerPort[] = [
  { name: 'gossip-tcp', port: gossipPort, protocol: 'TCP' },
  { name: 'gossip-udp', port: gossipPort, protocol: 'UDP' },
];

/** Alertmanager on a claim, which keeps silences and what was sent; closed by a user and a password, reloaded on a change. */
export const alertmanager: ComponentSource = {
  name: 'alertmanager',
  component: 'alertmanager',
  render: (context) => {
    const { stack, cluster } = context;
    const name = serviceName(stack.alertmanager.address);
    const pods = podsOf(context, 'alertmanager');
    const configuration = configurationOf(context, name);
    return {
      objects: [
        ...configMaps(configuration),
        service(stack.alertmanager.address, pods),
        ...beside(stack.alertmanager, name, pods, gossip),
        networkPolicy(name, pods, [
          admit(context, 'prometheus'),
          ...(stack.alertmanager.replicas === 1 ? [] : admitPeers(pods, gossip)),
        ]),
        statefulSet(
          {
            name,
            replicas: stack.alertmanager.replicas,
            component: 'alertmanager',
            selector: pods,
            pod: {
              security: restrictedPod(cluster, nobody),
              containers: [container(context), reloader(directory, stack, cluster)],
              volumes: [configurationVolume(configuration, stack)],
              more: spread(stack.alertmanager, pods),
            },
          },
          cluster,
        ),
      ],
      secrets: configuration.secrets,
    };
  },
};

function configurationOf({ stack, files }: Context, name: string): Configuration {
  const { address, user, password } = stack.alertmanager;
  const own = filesBelow('alertmanager', files);
  return {
    name,
    files: own,
    secrets: [
      ...valuesFor(own),
      { path: 'web.yml', key: 'alertmanager-web', entry: { kind: 'web', user, secret: password } },
      reloadArguments({ component: 'alertmanager', address, user, password }),
    ],
  };
}

/** It opens its port once it has read its configuration, so that an open port is all there is to wait for. */
function container({ stack, cluster }: Context): object {
  const { address, replicas } = stack.alertmanager;
  const port = portOf(address);
  const answers = { tcpSocket: { port: 'http' } };
  return {
    name: 'alertmanager',
    image: image('alertmanager', stack, cluster),
    // It takes the paths of credentials from the directory that it runs in.
    workingDir: directory,
    args: [
      `--config.file=${directory}/alertmanager.yml`,
      `--web.config.file=${directory}/web.yml`,
      `--web.listen-address=0.0.0.0:${port}`,
      `--web.external-url=http://${address}/`,
      '--storage.path=/alertmanager/data',
      ...clustering(stack.alertmanager),
    ],
    // Templates tell the time in the zone of the process.
    env: [{ name: 'TZ', value: stack.timezone }, ...(replicas === 1 ? [] : [podAddress])],
    ports: [
      { name: 'http', containerPort: port },
      ...(replicas === 1
        ? []
        : gossip.map(({ name, port: containerPort, protocol }) => ({ name, containerPort, protocol }))),
    ],
    resources: resources('alertmanager'),
    securityContext: restrictedContainer,
    readinessProbe: { ...answers, periodSeconds: 5 },
    livenessProbe: { ...answers, periodSeconds: 30 },
    volumeMounts: [
      { name: 'config', mountPath: directory, readOnly: true },
      { name: dataVolume, mountPath: '/alertmanager' },
    ],
  };
}

/**
 * It listens on the pod's own address, in brackets because that may be one of IPv6: it finds no address to tell others by itself
 * where pods have public ones. Who has gone is not looked for as long as the default says, because a pod comes back with
 * another address.
 */
function clustering(settings: Replicated): readonly string[] {
  if (settings.replicas === 1) return ['--cluster.listen-address='];
  const peers = podAddresses(settings).map((address) => address.replace(/\d+$/, `${gossipPort}`));
  return [
    `--cluster.listen-address=[$(${podAddress.name})]:${gossipPort}`,
    ...peers.map((peer) => `--cluster.peer=${peer}`),
    '--cluster.reconnect-timeout=5m',
  ];
}

const podAddress = { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } };
