import { UserError } from '../../common/problems.ts';
import { destroyStack, type Fate, planDestroy } from '../cluster/apply/destroy.ts';
import { describeObject } from '../cluster/client/objects.ts';
import { readInventory } from '../cluster/inventory/store.ts';
import { thisProcess } from '../cluster/lease/holder.ts';
import { type ClusterStack, requireApply, withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { stopped } from './stopped.ts';

/** `lookout destroy`: removes what was applied; claims and Secrets stay unless they are asked for too. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  await requireApply(input, shell, 'destroy');
  const work = withClusterStacks(input, shell, (opened) => destroyOne(opened, input, shell));
  const codes = await stopped(work, shell, 'what was deleted is gone; the same destroy goes on from there');
  return codes.every((code) => code === 0) ? 0 : 2;
}

/** Milliseconds that one object may take to be gone. */
const patience = 120_000;

async function destroyOne({ stack, cluster, place }: ClusterStack, input: Input, shell: Shell): Promise<ExitCode> {
  const deleteData = input.options['deleteData'] === true;
  const inventory = await readInventory(cluster, place);
  if (inventory.resourceVersion === undefined)
    throw new UserError(`${stack.name}: nothing of it is known in namespace ${place.namespace} of ${cluster.context}`);
  if (input.options['yes'] !== true) {
    tell(await planDestroy(cluster, inventory, deleteData), shell);
    shell.report(`${stack.name}: nothing was deleted; the same with --yes does it`);
    return 2;
  }
  const { now, signal } = shell;
  const holder = thisProcess(process.pid);
  const report = (line: string) => shell.report(`  ${line}`);
  const staying = await destroyStack(cluster, { place, deleteData, holder, patience, now, signal, report });
  tell(staying, shell);
  const stay = staying.length === 1 ? '1 object stays' : `${staying.length} objects stay`;
  shell.report(`${stack.name}: ${staying.length === 0 ? 'all of it is gone' : stay}`);
  return 0;
}

function tell(fates: readonly Fate[], shell: Shell): void {
  for (const { reference, reason } of fates)
    shell.print(
      reason === '' ? `would delete ${describeObject(reference)}` : `stays ${describeObject(reference)}: ${reason}`,
    );
}
