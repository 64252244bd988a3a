import { UserError } from '../../common/problems.ts';
import type { Incident, IncidentContext, IncidentRun, Incidents } from '../../provision/local/types.ts';
import { type DemoPaths, demoPaths } from '../paths.ts';
import { advance } from './chain/advance.ts';
import { estimatedSeconds, view } from './chain/links.ts';
import { observe } from './chain/observe.ts';
import { begun, cleared, type Run, readRun, writeRun } from './chain/run.ts';
import { change, undo } from './journal.ts';
import { refuseStart } from './refusals.ts';
import type { IncidentDefinition, World } from './types.ts';

const pollMilliseconds = 1000;

/**
 * Runs the incidents of one demonstration, one at a time, and records what follows from each while it happens. All that it knows stands in
 * files, so that the next supervisor goes on where a killed one was.
 */
export class IncidentTracker implements Incidents {
  readonly #catalogue: readonly IncidentDefinition[];
  readonly #context: IncidentContext;
  readonly #paths: DemoPaths;
  #observing: Promise<IncidentRun | null> | null = null;
  #starting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(catalogue: readonly IncidentDefinition[], context: IncidentContext) {
    this.#context = context;
    this.#paths = demoPaths(context.paths.demo);
    this.#catalogue = catalogue.filter((definition) => definition.target(this.#world(context.now())) !== undefined);
    this.#follow();
  }

  get list(): readonly Incident[] {
    const world = this.#world(this.#context.now());
    return this.#catalogue.map((definition) => {
      const { name, title, what, alerts, messages, undo } = definition;
      const seconds = estimatedSeconds(definition.estimate(world), world.stack);
      return { name, title, what, alerts, messages, seconds, undo };
    });
  }

  current(): Promise<IncidentRun | null> {
    this.#observing ??= this.#observe().finally(() => {
      this.#observing = null;
    });
    return this.#observing;
  }

  async start(name: string): Promise<IncidentRun> {
    const definition = this.#definition(name);
    if (this.#starting !== null) throw new UserError('another incident is just being started: wait for it');
    this.#starting = this.#begin(definition).finally(() => {
      this.#starting = null;
    });
    await this.#starting;
    this.#follow();
    const run = await this.current();
    if (run === null) throw new Error(`the incident ${name} was started and is gone: was its folder deleted?`);
    return run;
  }

  async clear(): Promise<IncidentRun | null> {
    const run = this.#run();
    undo(this.#paths);
    if (run?.clearedAt === null) writeRun(this.#paths, cleared(run, this.#context.now()));
    this.#follow();
    return this.current();
  }

  async #begin(definition: IncidentDefinition): Promise<void> {
    await refuseStart(definition, this.#world(this.#context.now()), this.#context, await this.current());
    const startedAt = this.#context.now();
    const world = this.#world(startedAt);
    const estimate = definition.estimate(world);
    const journal = { incident: definition.name, startedAt, operations: definition.operations(world) };
    change(this.#paths, journal);
    writeRun(this.#paths, begun(journal, estimate, this.#context.now()));
  }

  async #observe(): Promise<IncidentRun | null> {
    const before = this.#run();
    const definition = this.#catalogue.find(({ name }) => name === before?.incident);
    if (before === undefined || definition === undefined) return null;
    const { stack, now } = this.#context;
    const known = view(before, { problems: [] }, stack, now());
    if (known.chain.every(({ state }) => state === 'done')) return known;
    const observed = await observe(definition, this.#world(before.startedAt), this.#context);
    const run = this.#run();
    if (run?.startedAt !== before.startedAt || run.clearedAt !== before.clearedAt) return this.#observe();
    const after = writeRun(this.#paths, advance(run, observed, now()));
    return view(after, observed, stack, now());
  }

  /** Looks once a second until there is nothing more to see, so that the times are true though nobody watches. */
  #follow(): void {
    this.#timer ??= setInterval(async () => {
      const run = await this.current().catch(() => null);
      if (run?.chain.some(({ state }) => state !== 'done')) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    }, pollMilliseconds).unref();
  }

  #run(): Run | undefined {
    const estimate = ({ incident, startedAt }: { incident: string; startedAt: number }) =>
      this.#definition(incident).estimate(this.#world(startedAt));
    return readRun(this.#paths, estimate, this.#context.now());
  }

  #definition(name: string): IncidentDefinition {
    const found = this.#catalogue.find((definition) => definition.name === name);
    if (found !== undefined) return found;
    const names = this.#catalogue.map((definition) => definition.name).join(', ');
    throw new UserError(`there is no incident ${name} on this stack; there are ${names || 'none'}`);
  }

  #world(now: number): World {
    return { stack: this.#context.stack, paths: this.#paths, now };
  }
}
