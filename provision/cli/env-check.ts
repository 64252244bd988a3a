import { ProblemsError } from '../../common/problems.ts';
import type { Stack } from '../../stack/types.ts';
import type { OpenedStack } from '../own/open.ts';
import { requireProven } from '../own/proven.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** `lookout env check`: every mistake at its line, else what each stack holds in one line. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const json = input.options['json'] === true;
  try {
    const opened = (await openFrom(input, shell)).stacks;
    const scenarios = await requireProven(opened, shell);
    const stacks = opened.map(({ stack }) => stack);
    if (json) shell.print(JSON.stringify({ stacks: stacks.map(({ name }) => name), problems: [] }, null, 2));
    else for (const stack of stacks) shell.print(`${stack.name}: ${summary(stack)}`);
    if (!json) for (const line of ownSummary(opened[0], scenarios)) shell.print(line);
    return 0;
  } catch (error) {
    if (!json || !(error instanceof ProblemsError)) throw error;
    shell.print(JSON.stringify({ stacks: [], problems: error.problems }, null, 2));
    return 1;
  }
}

function summary(stack: Stack): string {
  const { applications, backups, volumes, certificates, alertmanager } = stack;
  const counts = [
    plural(applications.length, 'application'),
    plural(backups.length, 'backup'),
    plural(volumes.length, 'volume'),
    plural(certificateCount(certificates), 'certificate'),
  ];
  const receivers = [
    ...(alertmanager.email === null ? [] : [`mail to ${alertmanager.email.to.join(', ')}`]),
    ...(alertmanager.slack === null ? [] : [`Slack ${alertmanager.slack.channel}`]),
  ];
  const told = receivers.length === 0 ? 'nobody is told' : receivers.join(', ');
  return `valid; ${stack.platform}, namespace ${stack.namespace}; ${counts.join(', ')}; ${told}`;
}

/** What the folder adds, in a line; none when it adds nothing. */
function ownSummary(opened: OpenedStack | undefined, scenarios: number): readonly string[] {
  const { dashboards = [], topics = [] } = opened?.own ?? {};
  if (dashboards.length + topics.length === 0) return [];
  const alerts = topics.reduce((sum, topic) => sum + topic.alerts.length, 0);
  const proven = scenarios === 0 ? '' : `, ${plural(scenarios, 'scenario')} proven by promtool`;
  return [`its own: ${plural(dashboards.length, 'dashboard')}, ${plural(alerts, 'alert')}${proven}`];
}

function certificateCount({ files, secrets, certManager, endpoints }: Stack['certificates']): number {
  return [files, secrets, certManager, endpoints].reduce((sum, declared) => sum + declared.length, 0);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
