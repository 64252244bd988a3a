import { parseDuration } from '../../common/durations.ts';
import { UserError } from '../../common/problems.ts';
import { allPassed, type CheckContext, type CheckResult, runChecks } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { localContext } from '../checks/local.ts';
import { clusterContext } from '../cluster/checks/context.ts';
import { paint } from '../local/announce.ts';
import { openRunning } from '../local/running.ts';
import { readSelection } from '../local/selection.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { inCluster, isInCluster } from './in-cluster.ts';
import { tellCheck, verdict } from './tell-checks.ts';

/** `lookout verify`: proofs that the stack works, with the evidence of each; sends nothing unless asked to. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  if (!(await isInCluster(input, shell))) {
    const running = await openRunning(readSelection(input, shell), shell);
    return prove(localContext(running, shell.now), input, shell);
  }
  return inCluster(input, shell, async (stack) => {
    if (input.options['json'] !== true) shell.print(paint(shell, 'bold', stack.stack.name));
    return prove(await clusterContext(stack, shell.now), input, shell);
  });
}

async function prove(context: CheckContext, { options }: Input, shell: Shell): Promise<ExitCode> {
  const { json, deliver, all } = options;
  const again = untilPatienceEnds(options['wait'], context);
  const tell = json === true ? () => {} : (result: CheckResult) => tellCheck(result, shell, all === true);
  const results = await runChecks(checks, context, { deliver: deliver === true, tell, again });
  const passed = allPassed(results);
  if (json === true) shell.print(JSON.stringify({ stack: context.stack.name, passed, results }, null, 2));
  else shell.print(verdict(results, deliver === true));
  return passed ? 0 : 1;
}

/** Milliseconds between two tries of what failed. */
const pause = 2000;

/** A stack that has just started has not scraped, evaluated and sent everything yet. */
function untilPatienceEnds(wait: unknown, { now, sleep }: CheckContext): () => Promise<boolean> {
  const seconds = wait === undefined ? 0 : parseDuration(String(wait));
  if (seconds === undefined) throw new UserError(`--wait ${wait}: expected a duration such as 30s or 2m`);
  const end = now() + seconds * 1000;
  return async () => {
    if (now() + pause > end) return false;
    await sleep(pause);
    return true;
  };
}
