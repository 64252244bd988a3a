import { UserError } from '../../common/problems.ts';
import { manifests } from '../../k8s/index.ts';
import type { Stack } from '../../stack/types.ts';
import { buildOutputs } from '../build/outputs.ts';
import type { ClusterStack } from '../cluster/checks/context.ts';
import { openReach } from '../cluster/checks/reach.ts';
import { openCluster } from '../cluster/client/cluster.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** The stacks of the environment that a command line names, when they run in a cluster; null when they do not. */
export function clusterStacks(input: Input, shell: Shell): readonly Stack[] | null {
  const environment = input.options['env'] ?? input.args['environment'];
  const loaded = openFrom({ ...input, args: { ...input.args, environment: String(environment) } }, shell);
  const stacks = loaded.stacks.map(({ stack }) => stack);
  return stacks.every(({ cluster }) => cluster !== null) ? stacks : null;
}

/** Does the work on each stack in its cluster; the worst exit code counts. */
export async function inCluster(
  stacks: readonly Stack[],
  input: Input,
  shell: Shell,
  work: (stack: ClusterStack) => Promise<ExitCode>,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const stack of stacks) codes.push(await withCluster(stack, input, shell, work));
  return codes.find((code) => code === 1) ?? codes.find((code) => code === 2) ?? 0;
}

async function withCluster(
  stack: Stack,
  input: Input,
  shell: Shell,
  work: (stack: ClusterStack) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { env, now, signal, report } = shell;
  const cluster = openCluster({ context: contextOf(stack, input), env, now, signal, report });
  const reach = openReach(cluster, stack);
  const outputs = buildOutputs(stack);
  try {
    return await work({ stack, outputs, manifests: manifests(stack, outputs), cluster, reach });
  } finally {
    await reach.close();
    await cluster.close();
  }
}

function contextOf({ name, cluster }: Stack, { options }: Input): string {
  const context = options['context'] ?? cluster?.context;
  if (typeof context === 'string') return context;
  throw new UserError(
    `${name} names no context of the kubeconfig, and the current one is never taken: give --context, or write cluster.context`,
  );
}
