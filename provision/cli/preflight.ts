import { UserError } from '../../common/problems.ts';
import { readInventory } from '../cluster/inventory/store.ts';
import { preflight } from '../cluster/preflight/run.ts';
import type { ClusterStack } from './cluster-stacks.ts';
import type { Input } from './command.ts';

/**
 * What stands in the way of a stack that the cluster does not have yet, a line each; empty once something of it is there,
 * for then the cluster has shown that it takes it.
 */
export async function obstacles({ cluster, stack, own, place }: ClusterStack): Promise<readonly string[]> {
  const { entries } = await readInventory(cluster, place);
  if (entries.length > 0) return [];
  const results = await preflight(cluster, { stack, own });
  return results.flatMap(({ findings }) =>
    findings.filter(({ ok }) => !ok).map(({ subject, evidence }) => `${subject}: ${evidence}`),
  );
}

/** @throws UserError with everything that stands in the way, before the first object is written. */
export async function requireFit(opened: ClusterStack, { args }: Input): Promise<void> {
  const lines = await obstacles(opened);
  if (lines.length === 0) return;
  throw new UserError(
    [
      `${opened.stack.name}: nothing was written, because this stands in the way:`,
      ...lines.map((line) => `  ${line}`),
      `"lookout doctor ${args['environment']}" looks again`,
    ].join('\n'),
  );
}
