import { isApiError } from '../client/errors.ts';
import { referenceOf, remove } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { isReady } from './explain.ts';
import { podsOf, revisionOf } from './scene.ts';
import type { Pod, Scene } from './types.ts';

/**
 * Pods of an older revision that never became ready: a StatefulSet waits for them for ever before it makes the corrected ones
 * (kubernetes#67250).
 */
export function stuckPods(set: LiveObject, scene: Scene): readonly Pod[] {
  const { updateStrategy } = set['spec'] as { readonly updateStrategy?: { readonly type?: string } };
  const mark = revisionOf(scene, set);
  if (set.kind !== 'StatefulSet' || updateStrategy?.type === 'OnDelete' || mark === undefined) return [];
  return podsOf(scene, set).filter(
    (pod) =>
      !isReady(pod) &&
      pod.metadata.deletionTimestamp === undefined &&
      pod.metadata.labels?.[mark.label] !== undefined &&
      pod.metadata.labels[mark.label] !== mark.value,
  );
}

/** Deletes exactly this pod, and says so. */
export async function freePod(cluster: Cluster, pod: Pod, report: (line: string) => void): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  try {
    await remove(cluster, { ...referenceOf(pod), apiVersion: 'v1', kind: 'Pod' }, { uid });
    report(
      `pod ${namespace}/${name} is of an older revision and never became ready: deleted, so that the new one can start`,
    );
  } catch (error) {
    if (!isApiError(error, 403, 409)) throw error;
    report(`pod ${namespace}/${name} keeps the new one from starting and could not be deleted: ${error.message}`);
  }
}
