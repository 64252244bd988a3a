import { parseDuration } from '../../common/durations.ts';
import { UserError } from '../../common/problems.ts';
import { applyStack } from '../cluster/apply/apply.ts';
import type { ApplyResult } from '../cluster/apply/types.ts';
import { describeObject } from '../cluster/client/objects.ts';
import { thisProcess } from '../cluster/lease/holder.ts';
import { hasChanges } from '../cluster/plan/plan.ts';
import { planReport } from '../cluster/plan/report.ts';
import { stackObjects } from '../cluster/stack-objects.ts';
import { tableOf } from '../cluster/wait/table.ts';
import { paint } from '../local/announce.ts';
import { proveOrTell } from '../own/proven.ts';
import { type ClusterStack, requireApply, withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';
import { tellPlan } from './plan.ts';
import { requireFit } from './preflight.ts';
import { stopped } from './stopped.ts';
import { takes } from './take.ts';

/** `lookout apply`: brings the cluster to what the environment says, and waits until it is ready. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  await requireApply(input, shell, 'apply');
  await proveOrTell((await openFrom(input, shell)).stacks, shell);
  const timeout = patience(input);
  const work = withClusterStacks(input, shell, (opened) => applyOne(opened, timeout, input, shell));
  const results = await stopped(work, shell, 'what was written stays; the same apply goes on from there');
  if (input.options['json'] === true) shell.print(JSON.stringify(results.map(report), null, 2));
  return results.every(({ result }) => result.kind === 'done') ? 0 : 1;
}

interface Applied {
  readonly stack: string;
  readonly result: ApplyResult;
}

async function applyOne(opened: ClusterStack, timeout: number, input: Input, shell: Shell): Promise<Applied> {
  const { stack, own, cluster, place } = opened;
  await requireFit(opened, input);
  const { env, root, now, signal } = shell;
  const json = input.options['json'] === true;
  const { block } = shell;
  const applied = applyStack(cluster, {
    objects: await stackObjects({ cluster, stack, own, env, root }),
    place,
    take: takes(input),
    adopt: input.options['adopt'] === true,
    agreed: input.options['yes'] === true,
    holder: thisProcess(process.pid),
    patience: timeout,
    now,
    signal,
    report: (line) => shell.report(`  ${line}`),
    ...(block === null ? {} : { show: (round) => block.draw(tableOf(round, block.width())) }),
    showPlan: (plan) => (json ? undefined : tellPlan(plan, stack.name, input, shell)),
  });
  const result = await applied.finally(() => block?.draw([]));
  tellResult(result, stack.name, shell);
  return { stack: stack.name, result };
}

function tellResult(result: ApplyResult, stack: string, shell: Shell): void {
  if (result.kind === 'refused') shell.report(paint(shell, 'red', `${stack}: ${result.reason}`));
  if (result.kind === 'done')
    shell.report(
      paint(
        shell,
        'green',
        `${stack}: ${hasChanges(result.plan) ? 'applied, everything is ready' : 'nothing to change, everything is ready'}`,
      ),
    );
  if (result.kind !== 'unready') return;
  for (const { reference, text, log } of result.unready) {
    shell.report(paint(shell, 'red', `✗ ${describeObject(reference)}: ${text}`));
    for (const line of log) shell.report(`    | ${line}`);
  }
  shell.report(`${stack}: everything was written, but not all of it became ready; nothing was pruned`);
}

function report({ stack, result }: Applied) {
  const { kind, plan } = result;
  const reason = kind === 'refused' ? { reason: result.reason } : {};
  const unready = kind === 'unready' ? { unready: result.unready } : {};
  return { stack, result: kind, ...reason, ...planReport(plan), ...unready };
}

/** Milliseconds. */
function patience({ options }: Input): number {
  const text = typeof options['timeout'] === 'string' ? options['timeout'] : '5m';
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new UserError(`--timeout ${text}: a duration is a number with a unit, e.g. 90s or 5m`);
  return seconds * 1000;
}
