import type { Finding } from '../../checks/check.ts';
import { isApiError } from '../client/errors.ts';
import { list } from '../client/objects.ts';
import type { LiveObject } from '../client/types.ts';
import type { PreflightCheck } from './context.ts';
import { podSpec } from './pods.ts';

/** Whether a node can pull is known when it tries: here is told what it will have to pull, and from where. */
export const images: PreflightCheck = {
  name: 'images',
  title: 'it is known which images the nodes have, and from where they pull the others',
  run: async ({ cluster, manifests }) => {
    const wanted = [...new Set(manifests.objects.flatMap((object) => imagesOf(podSpec(object))))].sort();
    const nodes = await list(cluster, { apiVersion: 'v1', kind: 'Node' }).catch((error: unknown) => {
      if (isApiError(error, 403)) return null;
      throw error;
    });
    const registries = Map.groupBy(wanted, (image) => image.slice(0, image.indexOf('/')));
    return [...registries].map(([registry, ofRegistry]) => finding(registry, ofRegistry, nodes));
  },
};

function imagesOf(pod: ReturnType<typeof podSpec>): readonly string[] {
  return (pod?.containers ?? []).map(({ image }) => image);
}

function finding(registry: string, wanted: readonly string[], nodes: readonly LiveObject[] | null): Finding {
  const subject = `images of ${registry}`;
  const pulled = `pulled from ${registry} when their pods start, which the nodes must reach; another registry is images.registry`;
  if (nodes === null)
    return {
      ok: true,
      remark: true,
      subject,
      evidence: `these rights do not show nodes; ${wanted.join(', ')}: ${pulled}`,
    };
  const missing = wanted.filter((image) => !nodes.every((node) => hasImage(node, image)));
  if (missing.length === 0) return { ok: true, subject, evidence: `every node has ${wanted.join(', ')}` };
  return { ok: true, remark: true, subject, evidence: `not on every node: ${missing.join(', ')}: ${pulled}` };
}

/**
 * A node names its 50 largest images unless it is told otherwise; one that has lost its tag has no names at all. Source: kubelet
 * configuration, `nodeStatusMaxImages`.
 */
export function hasImage(node: LiveObject, image: string): boolean {
  const { images: found = [] } = (node['status'] ?? {}) as {
    readonly images?: readonly { readonly names?: readonly string[] | null }[];
  };
  return found.some(({ names }) => names?.includes(image) === true);
}
