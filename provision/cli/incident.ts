import { UserError } from '../../common/problems.ts';
import { undo } from '../../demo/incidents/journal.ts';
import { demoPaths } from '../../demo/paths.ts';
import type { LocalPaths } from '../local/paths.ts';
import { readSelection, statePaths } from '../local/selection.ts';
import type { IncidentRun } from '../local/types.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { type IncidentClient, incidentClient } from './incident-client.ts';
import { listLines } from './incident-lines.ts';
import { watchChain } from './incident-watch.ts';

/**
 * `lookout incident <name>` breaks the demonstration and shows what follows until the messages have arrived (0) or one link is stuck (1);
 * `clear` puts everything back and waits for the resolved messages; `list` tells what there is.
 */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const name = input.args['incident'] ?? 'list';
  const paths = statePaths(readSelection(input, shell), shell);
  const client = incidentClient(paths);
  if (name === 'clear') return client === null ? clearAtRest(paths, shell) : clear(client, input, shell);
  if (client === null) throw new UserError('the stack is not up: start it with "npm start" or "lookout up" first');
  return name === 'list' ? list(client, input, shell) : start(client, name, input, shell);
}

async function list({ look }: IncidentClient, { options }: Input, { print }: Shell): Promise<ExitCode> {
  const { list: incidents, current } = await look();
  if (options['json'] === true) print(JSON.stringify({ list: incidents, current }, null, 2));
  else {
    for (const line of listLines(incidents)) print(line);
    if (current !== null && current.phase !== 'over') print(`Now ${current.phase}: ${current.incident}`);
  }
  return 0;
}

async function start(client: IncidentClient, name: string, input: Input, shell: Shell): Promise<ExitCode> {
  const { list: incidents } = await client.look();
  const begun = await client.start(name);
  const incident = incidents.find((one) => one.name === name);
  teller(input, shell)(`${incident?.title}. ${incident?.what}`);
  return follow(client, begun, input, shell, {
    arrived: 'The messages are in the inbox. Put everything back with: lookout incident clear',
    left: `It goes on at ${client.page}; put everything back with: lookout incident clear`,
  });
}

async function clear(client: IncidentClient, input: Input, shell: Shell): Promise<ExitCode> {
  const { list: incidents, current: before } = await client.look();
  const { current } = await client.clear();
  if (current === null || before === null || before.phase === 'over') {
    teller(input, shell)('There is nothing to clear: the demonstration is as it should be.');
    if (input.options['json'] === true) shell.print(JSON.stringify(current, null, 2));
    return 0;
  }
  const undo = incidents.find(({ name }) => name === current.incident)?.undo;
  teller(input, shell)(`${current.incident} is cleared. ${undo}`);
  return follow(client, current, input, shell, {
    arrived: 'It is over.',
    left: `What follows is shown at ${client.page}`,
  });
}

/** Without a supervisor nothing follows, but the world can be put back all the same. */
function clearAtRest(paths: LocalPaths, shell: Shell): ExitCode {
  undo(demoPaths(paths.demo));
  shell.report('The stack is not up; the demonstration is as it should be.');
  return 0;
}

/** Watches to the end unless told not to; with `--json` only the run as it was last is the result. */
async function follow(
  { look }: IncidentClient,
  begun: IncidentRun,
  input: Input,
  shell: Shell,
  words: { readonly arrived: string; readonly left: string },
): Promise<ExitCode> {
  const json = input.options['json'] === true;
  const tell = teller(input, shell);
  const wait = input.options['wait'] !== false;
  const current = async () => (await look()).current ?? begun;
  const { outcome, run: last } = wait
    ? await watchChain(current, shell, json ? () => {} : shell.print)
    : { outcome: 'left' as const, run: begun };
  if (outcome !== 'stuck') tell(words[outcome]);
  if (json) shell.print(JSON.stringify(last, null, 2));
  return outcome === 'arrived' || !wait ? 0 : 1;
}

/** With `--json` what is for people goes where progress goes. */
function teller({ options }: Input, { print, report }: Shell): (line: string) => void {
  return options['json'] === true ? report : print;
}
