import { UserError } from '../../common/problems.ts';
import { alertsWith, ruleSet, runbook } from '../../rules/index.ts';
import { leftOut } from '../build/outputs.ts';
import type { OpenedStack } from '../own/open.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** `lookout why [alert]`: why an alert is, or is not, in force on each stack; without one, everything left out. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { stacks } = await openFrom(input, shell);
  const alert = input.args['alert'];
  if (alert === undefined) for (const stack of stacks) tellLeftOut(stack, shell);
  else for (const stack of stacks) tellAlert(stack, alert, shell);
  return 0;
}

function tellLeftOut({ stack, own }: OpenedStack, shell: Shell): void {
  const missing = leftOut(stack, own);
  shell.print(`${stack.name}: ${missing.length === 0 ? 'nothing is left out' : `${missing.length} left out`}`);
  for (const { what, reason } of missing) shell.print(`  ${what}: ${reason}`);
}

function tellAlert({ stack, own }: OpenedStack, alert: string, shell: Shell): void {
  const page = runbook(stack, alert, own.topics);
  if (page === undefined)
    throw new UserError(
      `there is no alert ${alert}; there are ${alertsWith(own.topics)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  const { skipped, groups } = ruleSet(stack, own.topics);
  const reason = skipped.find((one) => one.alert === alert)?.reason;
  const group = groups.find(({ rules }) => rules.some((rule) => 'alert' in rule && rule.alert === alert));
  shell.print(
    `${stack.name}: ${reason === undefined ? `${alert} is in force, in the group ${group?.name}` : `${alert} is left out: ${reason}`}`,
  );
  shell.print(page);
}
