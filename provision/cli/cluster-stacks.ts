import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../common/problems.ts';
import type { Own } from '../../dashboards/types.ts';
import type { Stack } from '../../stack/types.ts';
import { openCluster } from '../cluster/client/cluster.ts';
import { contextNames } from '../cluster/client/kubeconfig.ts';
import type { Cluster } from '../cluster/client/types.ts';
import type { InventoryPlace } from '../cluster/inventory/types.ts';
import { inventoryPlace } from '../cluster/stack-objects.ts';
import type { Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** One stack of the named environment with the cluster that it belongs to. */
export interface ClusterStack {
  readonly stack: Stack;
  readonly own: Own;
  readonly cluster: Cluster;
  readonly place: InventoryPlace;
}

/** Work on each stack of an environment in turn, with its cluster open; gives the results in that order. */
export async function withClusterStacks<Result>(
  input: Input,
  shell: Shell,
  work: (opened: ClusterStack) => Promise<Result>,
): Promise<readonly Result[]> {
  const { version } = JSON.parse(readFileSync(join(shell.root, 'package.json'), 'utf8')) as { version: string };
  const { stacks } = await openFrom(input, shell);
  for (const { stack } of stacks) requireCluster(stack);
  const { env, now, report } = shell;
  const { signal, off } = secondSignal(shell);
  const results: Result[] = [];
  try {
    for (const { stack, own } of stacks) {
      const cluster = openCluster({ context: contextOf(stack, input, shell), env, now, signal, report });
      results.push(
        await work({ stack, own, cluster, place: inventoryPlace(stack, version) }).finally(() => cluster.close()),
      );
    }
  } finally {
    off();
  }
  return results;
}

/** @throws UserError when it runs on one machine. */
function requireCluster({ environment, platform }: Stack): void {
  if (platform === 'local')
    throw new UserError(
      `${environment} is of platform local: "lookout up ${environment}" runs it; a cluster needs platform: kubernetes`,
    );
}

/** @throws UserError when others own the objects of a stack of the named environment. */
export async function requireApply(input: Input, shell: Shell, command: string): Promise<void> {
  for (const { stack } of (await openFrom(input, shell)).stacks) refuseOthers(stack, command);
}

function refuseOthers({ name, environment, cluster }: Stack, command: string): void {
  const { delivery } = cluster ?? {};
  if (delivery?.kind !== 'files') return;
  const owner = { flux: 'Flux', argocd: 'Argo CD', none: 'whoever applies that directory' }[delivery.gitops ?? 'none'];
  throw new UserError(
    `${environment} is delivered as files: "lookout build ${environment}" writes dist/${name}, and ${owner} owns the objects in the cluster. There is no ${command} besides`,
  );
}

/** The first signal of a person lets requests under way come to their end; the second one ends them too. */
function secondSignal({ onSignal }: Shell) {
  const end = new AbortController();
  let heard = 0;
  const off = onSignal(() => {
    heard += 1;
    if (heard === 2) end.abort();
  });
  return { signal: end.signal, off };
}

function contextOf(stack: Stack, { options }: Input, { env }: Shell): string {
  const named = options['context'];
  if (typeof named === 'string') return named;
  if (typeof stack.cluster?.context === 'string') return stack.cluster.context;
  throw new UserError(
    `${stack.environment} names no context: set cluster.context or say --context; the kubeconfig has ${contextNames(env).join(', ')}`,
  );
}
