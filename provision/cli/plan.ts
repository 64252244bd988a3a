import { join } from 'node:path';
import { manifests } from '../../k8s/index.ts';
import type { Stack } from '../../stack/types.ts';
import { bundleExporter } from '../build/exporter/bundle.ts';
import { kubernetesFiles } from '../build/kubernetes.ts';
import { buildOutputs } from '../build/outputs.ts';
import { readInventory } from '../cluster/inventory/store.ts';
import { hasChanges, makePlan } from '../cluster/plan/plan.ts';
import { renderPlan } from '../cluster/plan/render.ts';
import { planReport } from '../cluster/plan/report.ts';
import type { Plan } from '../cluster/plan/types.ts';
import { stackObjects } from '../cluster/stack-objects.ts';
import { planFiles } from '../files/plan.ts';
import { paint } from '../local/announce.ts';
import type { OpenedStack } from '../own/open.ts';
import { proveOrTell } from '../own/proven.ts';
import { type ClusterStack, withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { distDirectory } from './dist.ts';
import { openFrom } from './environment.ts';
import { obstacles } from './preflight.ts';
import { takenInVain, takes } from './take.ts';

/**
 * `lookout plan`: what an apply would change in the cluster, or a build in the directory that others apply; exit code 0 nothing, 2
 * something, 1 it would be refused.
 */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { stacks } = await openFrom(input, shell);
  await proveOrTell(stacks, shell);
  const planned = stacks.every(({ stack }) => isFiles(stack))
    ? await planDirectories(stacks, input, shell)
    : await withClusterStacks(input, shell, async (opened) => ({
        stack: opened.stack.name,
        plan: await planStack(opened, input, shell),
      }));
  if (input.options['json'] === true)
    shell.print(
      JSON.stringify(
        planned.map(({ stack, plan }) => ({ stack, ...planReport(plan) })),
        null,
        2,
      ),
    );
  else for (const { stack, plan } of planned) tellPlan(plan, stack, input, shell);
  const plans = planned.map(({ plan }) => plan);
  if (plans.some(isRefused)) return 1;
  return plans.some(hasChanges) ? 2 : 0;
}

interface Planned {
  readonly stack: string;
  readonly plan: Plan;
}

function isFiles({ cluster }: Stack): boolean {
  return cluster?.delivery.kind === 'files';
}

/** Else its Secrets are nobody's here: they come from elsewhere. */
function isEncrypted({ cluster }: Stack): boolean {
  return cluster?.delivery.kind === 'files' && cluster.delivery.sops !== null;
}

/** Where others apply, a plan compares what would be written with what lies there; the cluster is not asked. */
async function planDirectories(
  stacks: readonly OpenedStack[],
  input: Input,
  shell: Shell,
): Promise<readonly Planned[]> {
  const dist = distDirectory(input, shell);
  const code = Buffer.from(await bundleExporter(shell.root)).toString();
  return stacks.map(({ stack, own }) => {
    const bundle = stack.cluster?.components.exporter.kind === 'install' ? code : undefined;
    const outputs = buildOutputs(stack, own);
    const files = kubernetesFiles(stack, outputs, bundle);
    const secrets = isEncrypted(stack) ? manifests(stack, outputs).secrets : [];
    return { stack: stack.name, plan: planFiles({ directory: join(dist, stack.name), files, secrets }) };
  });
}

async function planStack(opened: ClusterStack, input: Input, shell: Shell): Promise<Plan> {
  const { stack, own, cluster, place } = opened;
  for (const line of await obstacles(opened)) shell.report(paint(shell, 'red', `in the way: ${line}`));
  const { env, root } = shell;
  const objects = await stackObjects({ cluster, stack, own, env, root });
  const inventory = await readInventory(cluster, place);
  const adopt = input.options['adopt'] === true;
  return makePlan(cluster, { objects: await objects(), inventory, take: takes(input), adopt });
}

/** The plan as a person reads it, under the name of its stack. */
export function tellPlan(plan: Plan, stack: string, input: Input, shell: Shell): void {
  shell.print(`${stack}:`);
  const command = `lookout apply ${input.args['environment'] ?? ''}`;
  const lines = renderPlan(plan, { paint: (colour, text) => paint(shell, colour, text), command });
  for (const line of lines) shell.print(`  ${line}`);
  for (const name of takenInVain(input, plan))
    shell.report(`--take ${name} names no object of ${stack}: objects are named by kind, namespace and name`);
}

function isRefused({ changes, problems }: Plan): boolean {
  return problems.length > 0 || changes.some(({ conflicts }) => conflicts.length > 0);
}
