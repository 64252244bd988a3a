import type { IncidentContext } from '../../../provision/local/types.ts';
import type { IncidentDefinition, World } from '../types.ts';
import { isGrouped, readMessages, type Told } from './messages.ts';
import { type AlertReading, readAlert } from './prometheus.ts';
import { isShown } from './sight.ts';

/** What the parts tell at one moment; absent where one does not answer. */
export interface Observation {
  /** Whether the change is measured. */
  readonly shows?: boolean | undefined;
  readonly alert?: AlertReading | undefined;
  /** Whether Alertmanager has the alert. */
  readonly grouped?: boolean | undefined;
  /** The messages about the alert since the start. */
  readonly messages?: readonly Told[] | undefined;
  /** Why parts do not answer. */
  readonly problems: readonly string[];
}

/** Asks all parts at once. @param world as it was at the start of the incident. */
export async function observe(
  definition: IncidentDefinition,
  world: World,
  { clients, stack }: IncidentContext,
): Promise<Observation> {
  const target = definition.target(world);
  const [name] = definition.alerts;
  if (target === undefined || name === undefined) return { problems: ['the stack no longer has what this is about'] };
  const problems: string[] = [];
  const ask = <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> =>
    asked.catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    });
  const { prometheus, alertmanager, inbox } = clients;
  const page = `http://${stack.local?.inbox?.http}`;
  const [shows, alert, grouped, messages] = await Promise.all([
    ask(isShown(definition.sight(world), clients)),
    ask(readAlert(name, target, prometheus)),
    ask(isGrouped(name, target, alertmanager)),
    inbox === null ? undefined : ask(readMessages(name, target, world.now, inbox, page)),
  ]);
  return { shows, alert, grouped, messages, problems };
}
