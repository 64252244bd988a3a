import type { ComponentSource, Context } from './component.ts';
import { type ExporterParts, exporterParts } from './exporter.ts';
import { admit } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, type PodWish, restrictedContainer, restrictedPod, selector } from './pod.ts';
import { exporterRights } from './rights.ts';
import { service, serviceName } from './service.ts';
import { deployment } from './stateless.ts';

/** The exporter's role that asks servers, the API and kubelets: a token with just the rights for it, and no host path. */
export const exporterApi: ComponentSource = {
  name: 'exporter',
  component: 'exporter',
  render: (context) => {
    const { stack, cluster } = context;
    const name = serviceName(stack.exporter.address);
    const parts = exporterParts(context, 'api', name);
    if (parts === undefined) return { objects: [], secrets: [] };
    const pods = selector(stack, name);
    return {
      objects: [
        ...parts.objects,
        ...exporterRights(parts.config, { namespace: cluster.namespace, name }),
        service(stack.exporter.address, pods),
        networkPolicy(name, pods, [admit(context, 'prometheus')]),
        deployment(name, podOf(context, parts, name), cluster),
      ],
      secrets: parts.secrets,
    };
  },
};

function podOf({ stack, cluster }: Context, parts: ExporterParts, name: string): PodWish {
  return {
    labels: selector(stack, name),
    annotations: parts.annotations,
    security: restrictedPod(cluster, nobody),
    serviceAccount: name,
    containers: [parts.container({ security: restrictedContainer })],
    volumes: parts.volumes,
  };
}
