import type { ComponentSource, Context } from './component.ts';
import { exporterParts } from './exporter.ts';
import { admit } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, podTemplate, restrictedContainer, restrictedPod, selector } from './pod.ts';
import { exporterRights } from './rights.ts';
import { service, serviceName } from './service.ts';

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
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name },
          spec: {
            replicas: 1,
            progressDeadlineSeconds: 180,
            selector: { matchLabels: pods },
            template: podTemplate(pod(context, parts, name, pods), cluster),
          },
        },
      ],
      secrets: parts.secrets,
    };
  },
};

function pod(
  { cluster }: Context,
  parts: NonNullable<ReturnType<typeof exporterParts>>,
  name: string,
  labels: Readonly<Record<string, string>>,
) {
  return {
    labels,
    annotations: parts.annotations,
    security: restrictedPod(cluster, nobody),
    serviceAccount: name,
    containers: [parts.container({ security: restrictedContainer })],
    volumes: parts.volumes,
  };
}
