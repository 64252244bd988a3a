import type { ClusterSettings } from '../stack/types.ts';
import type { BareObject } from './component.ts';
import { type PodWish, podTemplate } from './pod.ts';

/** One pod that keeps nothing. A new one that is not ready within three minutes counts as failed. */
export function deployment(name: string, pod: PodWish, cluster: ClusterSettings, more: object = {}): BareObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      ...more,
      progressDeadlineSeconds: 180,
      selector: { matchLabels: pod.labels },
      template: podTemplate(pod, cluster),
    },
  };
}

/** One pod on every node that it does not leave out, also on those that only run the control plane. */
export function daemonSet(name: string, pod: PodWish, cluster: ClusterSettings): BareObject {
  const everywhere = { ...pod, more: { ...pod.more, tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: { selector: { matchLabels: pod.labels }, template: podTemplate(everywhere, cluster) },
  };
}
