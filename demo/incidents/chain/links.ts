import type { ChainLink, ChainStep, IncidentRun } from '../../../provision/local/types.ts';
import type { Stack } from '../types.ts';
import type { Observation } from './observe.ts';
import type { Run } from './run.ts';
import { homeward, outward, type Step } from './steps.ts';

/** Seconds that any step may take before it counts as stuck. */
const leastPatience = 10;
/** Seconds after clearing until nobody waits any more for what has not come. */
const mostPatience = 600;

/** What pages and the command show of a run: each link with its time or its estimate. @param now milliseconds since the epoch. */
export function view(run: Run, observed: Observation, stack: Stack, now: number): IncidentRun {
  const chain: ChainLink[] = [];
  for (const step of stepsOf(run, stack)) chain.push(link(step, chain, run, observed, stack, now));
  const { incident, startedAt, clearedAt } = run;
  return { incident, startedAt, clearedAt, phase: phaseOf(run, chain, now), chain };
}

function phaseOf({ clearedAt }: Run, chain: readonly ChainLink[], now: number): IncidentRun['phase'] {
  if (clearedAt === null) return 'running';
  const over = chain.every(({ state }) => state === 'done') || now > clearedAt + mostPatience * 1000;
  return over ? 'over' : 'clearing';
}

/**
 * The links that can be: without an inbox nobody sees messages arrive; once cleared, what has not happened will not; and only what was told
 * firing is told resolved.
 */
export function stepsOf({ clearedAt, reached }: Run, stack: Stack): readonly Step[] {
  const possible = outward.filter(({ step }) => isObservable(step, stack));
  if (clearedAt === null) return possible;
  const back = homeward.filter(
    ({ step }) => (step !== 'mail-resolved' || reached.mail) && (step !== 'slack-resolved' || reached.slack),
  );
  return [...possible.filter(({ step }) => reached[step]), ...back];
}

function isObservable(step: ChainStep, { local, alertmanager }: Stack): boolean {
  if (step === 'mail') return local?.inbox != null && alertmanager.email?.smarthost === local.inbox.smtp;
  return step !== 'slack' || (local?.inbox != null && alertmanager.slack !== null);
}

function link(
  step: Step,
  before: readonly ChainLink[],
  run: Run,
  observed: Observation,
  stack: Stack,
  now: number,
): ChainLink {
  const { title, hint } = step;
  const previous = before.find(({ step: name }) => name === step.after);
  const base = previous?.at ?? previous?.expectedAt ?? run.clearedAt ?? run.startedAt;
  const seconds = secondsOf(step.step, run, stack);
  const expectedAt = base + seconds * 1000;
  const reached = run.reached[step.step];
  if (reached !== undefined) return { step: step.step, title, state: 'done', expectedAt, ...reached };
  const waiting = previous !== undefined && previous.state !== 'done';
  const stuck = !waiting && now > base + Math.max(2 * seconds, leastPatience) * 1000;
  const state = waiting ? 'waiting' : stuck ? 'stuck' : 'active';
  const progress =
    step.step === 'firing' && !waiting ? `${held(base, seconds, now)} of ${Math.round(seconds)} s` : null;
  const detail = stuck ? [hint, ...observed.problems].join('; ') : progress;
  return { step: step.step, title, state, at: null, expectedAt, detail, url: null };
}

function held(since: number, most: number, now: number): number {
  return Math.round(Math.min(Math.max(0, (now - since) / 1000), most));
}

/** How long each link takes, from the stack's own intervals; seconds. */
function secondsOf(step: ChainStep, { estimate }: Run, { intervals }: Stack): number {
  const { scrape, evaluation, groupWait, groupInterval } = intervals;
  const seconds: Readonly<Record<ChainStep, number>> = {
    changed: 1,
    seen: estimate.seen,
    pending: scrape + 2 * evaluation,
    firing: estimate.hold,
    grouped: evaluation + 1,
    mail: groupWait + 1,
    slack: groupWait + 1,
    cleared: 1,
    recovered: estimate.recovered,
    inactive: estimate.inactive + scrape + 2 * evaluation,
    'mail-resolved': groupInterval + 1,
    'slack-resolved': groupInterval + 1,
  };
  return seconds[step];
}

/** From the start to the last message; seconds. */
export function estimatedSeconds(estimate: Run['estimate'], stack: Stack): number {
  const run = { incident: '', startedAt: 0, clearedAt: null, estimate, reached: {} };
  const steps: readonly ChainStep[] = ['changed', 'seen', 'pending', 'firing', 'grouped', 'mail'];
  return Math.ceil(steps.map((step) => secondsOf(step, run, stack)).reduce((sum, seconds) => sum + seconds, 0));
}
