import type { BareObject, Context } from './component.ts';
import type { KubernetesObject } from './types.ts';

/** The label by which the objects of one component are told from others. */
export const componentLabel = 'app.kubernetes.io/component';

/** What every object needs: its namespace, and the labels by which people find what belongs together. */
export function finish(object: BareObject, component: string, { stack, cluster }: Context): KubernetesObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const place = namespace === null ? {} : { namespace: namespace ?? cluster.namespace };
  return {
    ...object,
    metadata: {
      name,
      ...place,
      labels: {
        'app.kubernetes.io/part-of': 'lookout',
        'app.kubernetes.io/managed-by': 'lookout',
        'app.kubernetes.io/instance': stack.name,
        [componentLabel]: component,
        ...labels,
      },
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}
