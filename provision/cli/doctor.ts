import { allPassed, type CheckResult } from '../checks/check.ts';
import { preflight } from '../cluster/preflight/run.ts';
import { paint } from '../local/announce.ts';
import { withClusterStacks } from './cluster-stacks.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { tellCheck, verdict } from './tell-checks.ts';

/** `lookout doctor`: what in a cluster stands in the way of a stack, before anything is changed. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { json, all } = input.options;
  const examined = await withClusterStacks(input, shell, async ({ stack, own, cluster }) => {
    if (json !== true) shell.print(paint(shell, 'bold', stack.name));
    const tell = json === true ? () => {} : (result: CheckResult) => tellCheck(result, shell, all === true);
    const results = await preflight(cluster, { stack, own }, tell);
    if (json !== true) shell.print(verdict(results, true));
    return { stack: stack.name, passed: allPassed(results), results };
  });
  if (json === true) shell.print(JSON.stringify(examined, null, 2));
  return examined.every(({ passed }) => passed) ? 0 : 1;
}
