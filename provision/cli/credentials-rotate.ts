import { UserError } from '../../common/problems.ts';
import type { ClusterStack } from '../cluster/checks/context.ts';
import { rotations } from '../cluster/credentials/rotate/index.ts';
import type { Rotation } from '../cluster/credentials/rotate/types.ts';
import { paint } from '../local/announce.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { inCluster } from './in-cluster.ts';

/**
 * `lookout credentials rotate`: a new value in the order next, change, verify, promote. Killed at any moment and run again it
 * goes on where it was.
 */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const rotation = rotationOf(input.args['name'] ?? '');
  return inCluster(input, shell, (stack) => rotate(rotation, stack, shell));
}

async function rotate(
  rotation: Rotation,
  { stack, cluster, manifests, reach }: ClusterStack,
  shell: Shell,
): Promise<ExitCode> {
  const { setTimeout: sleep } = await import('node:timers/promises');
  const secret = rotation.secret(stack);
  refuseOthers(rotation, secret, stack);
  const findings = await rotation.run(
    {
      cluster,
      stack,
      reach,
      manifests,
      plans: manifests.secrets,
      tell: (line) => shell.print(line),
      now: shell.now,
      sleep: async (milliseconds) => void (await sleep(milliseconds, undefined, { signal: shell.signal })),
    },
    secret,
  );
  for (const { ok, subject, evidence } of findings)
    shell.print(`${ok ? paint(shell, 'green', '✓') : paint(shell, 'red', '✗')} ${subject}: ${evidence}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

/** What Lookout has not made up it does not replace. */
function refuseOthers(
  { name }: Rotation,
  secret: string,
  { secrets, cluster, name: stack }: ClusterStack['stack'],
): void {
  const reference = secrets[secret];
  if (cluster?.delivery.kind === 'files')
    throw new UserError(
      `the Secrets of ${stack} come from files that others apply: what is changed in the cluster would be changed back`,
    );
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
