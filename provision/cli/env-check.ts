import { ProblemsError } from '../../common/problems.ts';
import type { Stack } from '../../stack/types.ts';
import { requireKnownAlerts } from '../build/build.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** `lookout env check`: every mistake at its line, else what each stack holds in one line. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const json = input.options['json'] === true;
  try {
    const opened = openFrom(input, shell).stacks;
    requireKnownAlerts(opened);
    const stacks = opened.map(({ stack }) => stack);
    if (json) shell.print(JSON.stringify({ stacks: stacks.map(({ name }) => name), problems: [] }, null, 2));
    else for (const stack of stacks) shell.print(`${stack.name}: ${summary(stack)}`);
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

function certificateCount({ files, secrets, certManager, endpoints }: Stack['certificates']): number {
  return [files, secrets, certManager, endpoints].reduce((sum, declared) => sum + declared.length, 0);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
