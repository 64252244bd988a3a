import type { ClusterSettings, Mount, NodeRole } from '../stack/types.ts';
import type { BareObject, ComponentSource, Context } from './component.ts';
import { type ExporterParts, exporterParts } from './exporter.ts';
import { admit } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, type PodWish, restrictedContainer, restrictedPod, selector } from './pod.ts';
import { service, serviceName } from './service.ts';
import { daemonSet, deployment } from './stateless.ts';

/**
 * The exporter's role that reads directories: of the nodes on every node, or beside the claims that it mounts. It has no token
 * and may write nothing. It needs a namespace whose Pod Security is `privileged`: for host paths, and because it reads files
 * of other users, which takes user 0 with the one capability to read and search everything.
 */
export const exporterNode: ComponentSource = {
  name: 'exporter-node',
  component: 'exporter',
  render: (context) => {
    const { stack } = context;
    const { node } = stack.exporter;
    if (node === null) return { objects: [], secrets: [] };
    const name = serviceName(node.address);
    const parts = exporterParts(context, 'node', name);
    if (parts === undefined) return { objects: [], secrets: [] };
    const pods = selector(stack, name);
    return {
      objects: [
        ...parts.objects,
        service(node.address, pods, { clusterIP: 'None' }),
        networkPolicy(name, pods, [admit(context, 'prometheus')]),
        workload(context, node, parts),
      ],
      secrets: parts.secrets,
    };
  },
};

/** One pod where the claims are; without a claim one on every node, or on every one with the labels that are asked for. */
function workload(context: Context, node: NodeRole, parts: ExporterParts): BareObject {
  const { cluster } = context;
  const name = serviceName(node.address);
  const pod = podOf(context, node, parts);
  if (!node.mounts.some(({ kind }) => kind === 'claim')) return daemonSet(name, pod, cluster);
  return deployment(name, pod, cluster, { strategy: { type: 'Recreate' } });
}

function podOf({ stack, cluster }: Context, { address, mounts, nodes }: NodeRole, parts: ExporterParts): PodWish {
  const directories = mounts.map((mount, index) => ({ name: `directory-${index}`, mount }));
  return {
    labels: selector(stack, serviceName(address)),
    annotations: parts.annotations,
    security: podSecurity(mounts, cluster),
    containers: [
      parts.container({
        security: containerSecurity(mounts, cluster),
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        mounts: directories.map(({ name, mount }) => ({
          name,
          mountPath: mount.path,
          readOnly: true,
        })),
      }),
    ],
    volumes: [...parts.volumes, ...directories.map(({ name, mount }) => ({ name, ...source(mount, cluster) }))],
    ...(Object.keys(nodes).length === 0 ? {} : { more: { nodeSelector: nodes } }),
  };
}

function podSecurity(mounts: readonly Mount[], cluster: ClusterSettings): object {
  if (ownFilesOnly(mounts, cluster)) return restrictedPod(cluster, nobody);
  return { seccompProfile: { type: 'RuntimeDefault' } };
}

function containerSecurity(mounts: readonly Mount[], cluster: ClusterSettings): object {
  if (ownFilesOnly(mounts, cluster)) return restrictedContainer;
  return { ...restrictedContainer, runAsUser: 0, capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH'] } };
}

/** In a project of OpenShift all pods run as the same users, which own what lies in its claims. */
function ownFilesOnly(mounts: readonly Mount[], { distribution }: ClusterSettings): boolean {
  return distribution === 'openshift' && mounts.every(({ kind }) => kind === 'claim');
}

/**
 * A directory that is not there is told by the pod that does not start, rather than made. The provisioner makes its own on a
 * node with the first claim: there it may come earlier.
 */
function source(mount: Mount, { localPath }: ClusterSettings): object {
  if (mount.kind === 'claim') return { persistentVolumeClaim: { claimName: mount.claim } };
  const type = mount.path === localPath ? 'DirectoryOrCreate' : 'Directory';
  return { hostPath: { path: mount.path, type } };
}
