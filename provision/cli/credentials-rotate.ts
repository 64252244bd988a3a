import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../../common/problems.ts';
import { components, isOurs, type Stack } from '../../stack/types.ts';
import type { ClusterStack } from '../cluster/checks/context.ts';
import { rotations } from '../cluster/credentials/rotate/index.ts';
import type { Rotation, Store } from '../cluster/credentials/rotate/types.ts';
import { rewrite, storedData } from '../cluster/credentials/secrets.ts';
import { readSecret } from '../cluster/credentials/stored.ts';
import { acquireLease } from '../cluster/lease/acquire.ts';
import { thisProcess } from '../cluster/lease/holder.ts';
import { inventoryPlace } from '../cluster/stack-objects.ts';
import { sopsProgram } from '../files/sops.ts';
import { fileStore } from '../files/store.ts';
import { paint } from '../local/announce.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { distDirectory } from './dist.ts';
import { inCluster } from './in-cluster.ts';
import { stopped } from './stopped.ts';

/**
 * `lookout credentials rotate`: a new value in the order next, change, verify, promote. Killed at any moment and run again it
 * goes on where it was.
 */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const rotation = rotationOf(input.args['name'] ?? '');
  return inCluster(input, shell, (stack) => rotate(rotation, stack, input, shell));
}

async function rotate(rotation: Rotation, opened: ClusterStack, input: Input, shell: Shell): Promise<ExitCode> {
  const { stack, cluster, manifests, reach } = opened;
  const secret = rotation.secret(stack);
  refuseOthers(rotation, secret, stack);
  const lease = await acquireLease(cluster, { ...leaseOf(stack), ...shell, holder: thisProcess(process.pid) });
  const ground = {
    cluster,
    stack,
    reach,
    manifests,
    plans: manifests.secrets,
    store: storeOf(opened, input, shell),
    mayWrite: lease.require,
    tell: (line: string) => shell.print(line),
    now: shell.now,
    sleep: sleeper(shell),
  };
  const findings = await stopped(
    rotation.run(ground, secret),
    shell,
    'old and new are kept, the same command goes on from here',
  ).finally(() => lease.release());
  for (const { ok, subject, evidence } of findings)
    shell.print(`${ok ? paint(shell, 'green', '✓') : paint(shell, 'red', '✗')} ${subject}: ${evidence}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

function storeOf({ stack, cluster, manifests }: ClusterStack, input: Input, shell: Shell): Store {
  const planned = { cluster, plans: manifests.secrets };
  if (stack.cluster?.delivery.kind !== 'files')
    return { data: () => storedData(planned), write: (secret, value) => rewrite(planned, secret, value) };
  return fileStore({
    plans: planned.plans,
    directory: join(distDirectory(input, shell), stack.name, 'kubernetes'),
    sops: sopsProgram(shell.env),
    live: async (plan) => (await readSecret(cluster, plan))?.data,
    tell: shell.print,
    sleep: sleeper(shell),
  });
}

function sleeper({ signal }: Shell): (milliseconds: number) => Promise<void> {
  return (milliseconds) => setTimeout(milliseconds, undefined, { signal });
}

/** The same as that of an apply: one of both at a time. */
function leaseOf(stack: Stack): { readonly namespace: string; readonly name: string } {
  const { namespace, name } = inventoryPlace(stack, '');
  return { namespace, name };
}

/** What Lookout has not made up it does not replace. */
function refuseOthers({ name }: Rotation, secret: string, of: Stack): void {
  const { secrets, name: stack } = of;
  const reference = secrets[secret];
  const foreign = components.find((component) => component === name && !isOurs(of, component));
  if (foreign !== undefined)
    throw new UserError(`${stack} installs no ${foreign}: whoever runs it gives it its passwords`);
  if (reference?.kind === 'generate') return;
  throw new UserError(
    `${name} of ${stack} is not Lookout's to rotate: ${secret} is kept elsewhere by the environment. Change it there, then lookout apply`,
  );
}

function rotationOf(name: string): Rotation {
  const found = rotations.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new UserError(`${name} cannot be rotated (there are ${rotations.map((each) => each.name).join(', ')})`);
}
