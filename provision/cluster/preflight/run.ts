import type { Own } from '../../../dashboards/types.ts';
import { manifests } from '../../../k8s/index.ts';
import type { Stack } from '../../../stack/types.ts';
import { buildOutputs } from '../../build/outputs.ts';
import { type CheckResult, runChecks } from '../../checks/check.ts';
import type { Cluster } from '../client/types.ts';
import { preflightChecks } from './index.ts';

/** Looks at a cluster before anything of a stack is put into it; nothing is changed. */
export function preflight(
  cluster: Cluster,
  { stack, own }: { readonly stack: Stack; readonly own: Own },
  tell: (result: CheckResult) => void = () => {},
): Promise<readonly CheckResult[]> {
  if (stack.cluster === null) throw new Error(`${stack.name} does not run in a cluster`);
  const context = {
    stack: { ...stack, cluster: stack.cluster },
    manifests: manifests(stack, buildOutputs(stack, own)),
    cluster,
  };
  return runChecks(preflightChecks, context, { tell });
}
