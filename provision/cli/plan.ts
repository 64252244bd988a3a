import { readInventory } from '../cluster/inventory/store.ts';
import { hasChanges, makePlan } from '../cluster/plan/plan.ts';
import { renderPlan } from '../cluster/plan/render.ts';
import { planReport } from '../cluster/plan/report.ts';
import type { Plan } from '../cluster/plan/types.ts';
import { stackObjects } from '../cluster/stack-objects.ts';
import { paint } from '../local/announce.ts';
import { type ClusterStack, requireApply, takes, withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { obstacles } from './preflight.ts';

/** `lookout plan`: what an apply would change in the cluster; exit code 0 nothing, 2 something, 1 it would be refused. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const planned = await withClusterStacks(input, shell, async (opened) => ({
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

async function planStack(opened: ClusterStack, input: Input, shell: Shell): Promise<Plan> {
  const { stack, cluster, place } = opened;
  requireApply(stack, 'plan of an apply');
  for (const line of await obstacles(opened)) shell.report(paint(shell, 'red', `in the way: ${line}`));
  const { env, root } = shell;
  const objects = await stackObjects({ cluster, stack, env, root });
  const inventory = await readInventory(cluster, place);
  return makePlan(cluster, { objects: await objects(), inventory, take: takes(input) });
}

/** The plan as a person reads it, under the name of its stack. */
export function tellPlan(plan: Plan, stack: string, input: Input, shell: Shell): void {
  shell.print(`${stack}:`);
  const command = `lookout apply ${input.args['environment'] ?? ''}`;
  const lines = renderPlan(plan, { paint: (colour, text) => paint(shell, colour, text), command });
  for (const line of lines) shell.print(`  ${line}`);
}

function isRefused({ changes, problems }: Plan): boolean {
  return problems.length > 0 || changes.some(({ conflicts }) => conflicts.length > 0);
}
