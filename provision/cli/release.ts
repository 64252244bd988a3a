import { UserError } from '../../common/problems.ts';
import type { Fate } from '../cluster/apply/destroy.ts';
import { planRelease, releaseStack } from '../cluster/apply/release.ts';
import { describeObject } from '../cluster/client/objects.ts';
import { removal } from '../cluster/inventory/prune.ts';
import { readInventory } from '../cluster/inventory/store.ts';
import { thisProcess } from '../cluster/lease/holder.ts';
import { type ClusterStack, requireApply, withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { stopped } from './stopped.ts';

/** `lookout release`: what was applied goes on as it is, and Lookout no longer knows of it. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  await requireApply(input, shell, 'release');
  const work = withClusterStacks(input, shell, (opened) => releaseOne(opened, input, shell));
  const codes = await stopped(work, shell, 'everything is still there; the same release goes on from there');
  return codes.every((code) => code === 0) ? 0 : 2;
}

async function releaseOne({ stack, cluster, place }: ClusterStack, input: Input, shell: Shell): Promise<ExitCode> {
  const inventory = await readInventory(cluster, place);
  if (inventory.resourceVersion === undefined)
    throw new UserError(`${stack.name}: nothing of it is known in namespace ${place.namespace} of ${cluster.context}`);
  if (input.options['yes'] !== true) {
    tell(await planRelease(cluster, inventory), 'would let go of', shell);
    shell.report(`${stack.name}: nothing was changed; the same with --yes does it`);
    return 2;
  }
  const { now, signal } = shell;
  const fates = await releaseStack(cluster, { place, holder: thisProcess(process.pid), now, signal });
  tell(fates, 'let go of', shell);
  const count = fates.filter(({ reason }) => reason === '').length;
  const objects = count === 1 ? '1 object goes' : `${count} objects go`;
  shell.report(
    `${stack.name}: ${objects} on as they are, and are nobody's; each line tells the command that removes one`,
  );
  return 0;
}

function tell(fates: readonly Fate[], what: string, shell: Shell): void {
  for (const { reference, reason } of fates)
    shell.print(
      reason === ''
        ? `${what} ${describeObject(reference)}: ${removal(reference)}`
        : `leaves alone ${describeObject(reference)}: ${reason}`,
    );
}
