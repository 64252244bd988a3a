import { afterAll, inject } from 'vitest';
import { openCluster } from '../../../provision/cluster/client/cluster.ts';
import type { Cluster } from '../../../provision/cluster/client/types.ts';

/** The cluster of the tests through our own client, until the test file ends. */
export function clusterOfTests(lines: string[] = []): Cluster {
  const { kubeconfig, context } = inject('cluster');
  const cluster = openCluster({
    context,
    env: { KUBECONFIG: kubeconfig },
    now: Date.now,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  });
  afterAll(() => cluster.close());
  return cluster;
}
