import { exporterAddress } from '../stack/types.ts';
import type { ComponentSource, Context } from './component.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, type PodWish, portOf, restrictedContainer } from './pod.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { daemonSet } from './stateless.ts';

/** The directories of the node that it reads, and where it finds them. */
const directories = { proc: '/proc', sys: '/sys', root: '/' } as const;

/**
 * node-exporter on every node. It is not in the network of the node, where no policy would keep others from its port: so it
 * knows nothing of the node's network devices. It needs a namespace whose Pod Security is `privileged`, for host paths, but no
 * right of user 0.
 */
export const nodeExporter: ComponentSource = {
  name: 'node-exporter',
  component: 'nodeExporter',
  render: (context) => {
    const address = exporterAddress(context.cluster, 'nodeExporter') ?? '';
    const name = serviceName(address);
    const pods = podsOf(context, 'nodeExporter');
    return {
      objects: [
        service(address, pods, { clusterIP: 'None' }),
        networkPolicy(name, pods, [admit(context, 'prometheus')]),
        daemonSet(name, podOf(context, portOf(address)), context.cluster),
      ],
      secrets: [],
    };
  },
};

function podOf(context: Context, port: number): PodWish {
  const { cluster } = context;
  const identity = cluster.distribution === 'openshift' ? {} : { runAsUser: nobody, runAsGroup: nobody };
  return {
    labels: podsOf(context, 'nodeExporter'),
    security: { runAsNonRoot: true, ...identity, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(context, port)],
    volumes: Object.entries(directories).map(([name, path]) => ({ name, hostPath: { path, type: 'Directory' } })),
  };
}

function container({ stack, cluster }: Context, port: number): object {
  const answers = { httpGet: { path: '/', port: 'http' } };
  return {
    name: 'node-exporter',
    image: image('nodeExporter', stack, cluster),
    args: [
      `--web.listen-address=0.0.0.0:${port}`,
      '--path.procfs=/host/proc',
      '--path.sysfs=/host/sys',
      '--path.rootfs=/host/root',
      // What it would tell of the network is that of its own pod; of file systems, those that hold no data are left out.
      ...['arp', 'conntrack', 'ipvs', 'netclass', 'netdev', 'netstat', 'sockstat', 'softnet', 'udp_queues'].map(
        (collector) => `--no-collector.${collector}`,
      ),
      '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/(containerd|docker|kubelet|rancher/k3s/agent))($|/)',
    ],
    ports: [{ name: 'http', containerPort: port }],
    resources: resources('nodeExporter'),
    securityContext: restrictedContainer,
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: { ...answers, periodSeconds: 30 },
    volumeMounts: Object.keys(directories).map((name) => ({ name, mountPath: `/host/${name}`, readOnly: true })),
  };
}
