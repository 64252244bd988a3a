import type { KubernetesObject } from '../../../k8s/types.ts';

const ofTheServer = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];
/** Annotation in which kubectl keeps what it applied without server-side apply. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without what the API server and its controllers write into it. */
export function strip({ metadata, ...object }: KubernetesObject): Readonly<Record<string, unknown>> {
  const { annotations, ...rest } = metadata;
  const shown = Object.entries(annotations ?? {}).filter(([key]) => key !== lastApplied);
  const kept = Object.entries(rest).filter(([key]) => !ofTheServer.includes(key));
  const { status: _, ...fields } = object;
  return {
    ...fields,
    metadata: {
      ...Object.fromEntries(kept),
      ...(shown.length === 0 ? {} : { annotations: Object.fromEntries(shown) }),
    },
  };
}
