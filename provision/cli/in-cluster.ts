import { manifests } from '../../k8s/index.ts';
import { buildOutputs } from '../build/outputs.ts';
import type { ClusterStack } from '../cluster/checks/context.ts';
import { openReach } from '../cluster/checks/reach.ts';
import { withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** Whether the environment that a command line names runs in a cluster. */
export async function isInCluster(input: Input, shell: Shell): Promise<boolean> {
  return (await openFrom(named(input), shell)).stacks.every(({ stack }) => stack.cluster !== null);
}

/** Does the work on each stack of the environment, with the ways to its Services open; the worst exit code counts. */
export async function inCluster(
  input: Input,
  shell: Shell,
  work: (stack: ClusterStack) => Promise<ExitCode>,
): Promise<ExitCode> {
  const codes = await withClusterStacks(named(input), shell, async ({ stack, own, cluster }) => {
    const reach = openReach(cluster, stack);
    const outputs = buildOutputs(stack, own);
    try {
      return await work({ stack, outputs, manifests: manifests(stack, outputs), cluster, reach });
    } finally {
      await reach.close();
    }
  });
  return codes.find((code) => code === 1) ?? codes.find((code) => code === 2) ?? 0;
}

/** Some commands take the environment as an option too. */
function named(input: Input): Input {
  const { env } = input.options;
  return typeof env === 'string' ? { ...input, args: { ...input.args, environment: env } } : input;
}
