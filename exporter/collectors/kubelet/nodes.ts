import type { KubeletSource } from '../../config.ts';
import type { Kubernetes } from '../../kubernetes/kubernetes.ts';
import { problemOf } from '../../model/failure.ts';
import type { Problem } from '../../model/reading.ts';
import { claimsIn, type VolumeStats } from './summary.ts';

export interface NodeVolumes {
  readonly claims: readonly VolumeStats[];
  /** Why the kubelet could not be asked, or no kubelet was found. */
  readonly problem: Problem | null;
}

/** Asks the kubelet of every node, straight and for its statistics only, which needs `get` on `nodes/stats`. */
export type AskNodes = (kubernetes: Kubernetes, signal: AbortSignal) => Promise<readonly NodeVolumes[]>;

/** @param maxAge seconds for which an answer serves several claims. */
export function nodeAsker(source: KubeletSource, maxAge: number): AskNodes {
  let answer: Promise<readonly NodeVolumes[]> | undefined;
  let askedAt = 0;
  return async (kubernetes, signal) => {
    if (answer === undefined || performance.now() - askedAt > maxAge * 1000) {
      askedAt = performance.now();
      answer = ask(source, kubernetes, signal);
    }
    return await answer;
  };
}

async function ask(
  source: KubeletSource,
  kubernetes: Kubernetes,
  signal: AbortSignal,
): Promise<readonly NodeVolumes[]> {
  try {
    const nodes = source.nodes ?? (await listNodes(kubernetes, signal));
    return await Promise.all(nodes.map((node) => askNode(node, source, kubernetes, signal)));
  } catch (error) {
    return [{ claims: [], problem: problemOf(error, 'list the nodes') }];
  }
}

async function askNode(
  { name, address }: { readonly name: string; readonly address: string },
  { port, authority }: KubeletSource,
  kubernetes: Kubernetes,
  signal: AbortSignal,
): Promise<NodeVolumes> {
  try {
    const kubelet = kubernetes.kubelet(`${bracketed(address)}:${port}`, authority);
    return { claims: claimsIn(name, await kubelet.get('/stats/summary', signal)), problem: null };
  } catch (error) {
    return { claims: [], problem: problemOf(error, `ask the kubelet of ${name}`) };
  }
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/** Needs `list` on `nodes`. */
async function listNodes({ api }: Kubernetes, signal: AbortSignal) {
  const list = (await api.get('/api/v1/nodes', signal)) as { readonly items?: readonly Node[] };
  return (list.items ?? []).flatMap(({ metadata: { name }, status }) => {
    const internal = status?.addresses?.find(({ type }) => type === 'InternalIP');
    return internal === undefined ? [] : { name, address: internal.address };
  });
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
