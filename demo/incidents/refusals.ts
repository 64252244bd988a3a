import { UserError } from '../../common/problems.ts';
import type { IncidentContext, IncidentRun, PartClient } from '../../provision/local/types.ts';
import { readAlert } from './chain/prometheus.ts';
import { readJournal } from './journal.ts';
import type { IncidentDefinition, World } from './types.ts';

/** @throws UserError when the incident must not begin now, with the reason and what to do. */
export async function refuseStart(
  definition: IncidentDefinition,
  world: World,
  { clients }: IncidentContext,
  last: IncidentRun | null,
): Promise<void> {
  const running = readJournal(world.paths);
  if (running !== undefined)
    throw new UserError(`the incident ${running.incident} is running: end it with "lookout incident clear" first`);
  const left = last?.phase === 'clearing' ? last.chain.find(({ state }) => state === 'active') : undefined;
  if (left !== undefined)
    throw new UserError(
      `the incident ${last?.incident} is cleared but not over (${left.title}): wait for its last message`,
    );
  await refuseWithout(clients.app, 'the demonstration shop');
  await refuseWithout(clients.jobs, 'the demonstration jobs');
  await refuseWhileActive(definition, world, clients.prometheus);
}

async function refuseWithout(part: PartClient | null, name: string): Promise<void> {
  if (part === null) throw new UserError('an incident needs the demonstration, and this stack runs without it');
  const healthy = await part('/healthz').then(
    ({ ok }) => ok,
    (cause: Error) => cause,
  );
  if (healthy === true) return;
  const reason = healthy === false ? 'is not ready' : 'does not answer';
  throw new UserError(`an incident needs the demonstration, and ${name} ${reason}: see "lookout status"`);
}

async function refuseWhileActive(definition: IncidentDefinition, world: World, prometheus: PartClient): Promise<void> {
  const target = definition.target(world);
  const [name] = definition.alerts;
  if (target === undefined || name === undefined) return;
  const { state } = await readAlert(name, target, prometheus);
  if (state !== 'inactive')
    throw new UserError(
      `${name} of ${target.label} ${target.name} is ${state} already: an incident would change nothing`,
    );
}
