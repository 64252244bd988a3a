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
  for (const step of stepsOf(run, stack)) {
    const previous = chain.find((link) => link.step === step.after);
    chain.push(linkOf(step, previous, { run, observed, stack, now }));
  }
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
function stepsOf({ clearedAt, clearedAtRest, reached }: Run, stack: Stack): readonly Step[] {
  const possible = outward.filter(({ step }) => isObservable(step, stack));
  if (clearedAt === null) return possible;
  const back = homeward.filter(({ onlyWith }) => onlyWith === undefined || (reached[onlyWith] && !clearedAtRest));
  return [...possible.filter(({ step }) => reached[step]), ...back];
}

function isObservable(step: ChainStep, { local, alertmanager }: Stack): boolean {
  if (step === 'mail') return local?.inbox != null && alertmanager.email?.smarthost === local.inbox.smtp;
  return step !== 'slack' || (local?.inbox != null && alertmanager.slack !== null);
}

interface Moment {
  readonly run: Run;
  readonly observed: Observation;
  readonly stack: Stack;
  readonly now: number;
}

function linkOf({ step, title, hint }: Step, previous: ChainLink | undefined, moment: Moment): ChainLink {
  const { run, observed, stack, now } = moment;
  const since = previous?.at ?? previous?.expectedAt ?? run.clearedAt ?? run.startedAt;
  const seconds = secondsOf(step, run, stack);
  const expectedAt = since + seconds * 1000;
  const reached = run.reached[step];
  if (reached !== undefined) return { step, title, state: 'done', expectedAt, ...reached };
  const open = { step, title, at: null, expectedAt, detail: null, url: null };
  if (previous !== undefined && previous.state !== 'done') return { ...open, state: 'waiting' };
  if (now > since + Math.max(2 * seconds, leastPatience) * 1000)
    return { ...open, state: 'stuck', detail: [hint, ...observed.problems].join('; ') };
  return { ...open, state: 'active', detail: step === 'firing' ? progress(now - since, seconds) : null };
}

/** `12 of 20 s`. */
function progress(milliseconds: number, most: number): string {
  return `${Math.round(Math.min(Math.max(0, milliseconds / 1000), most))} of ${Math.round(most)} s`;
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
  const run = { incident: '', startedAt: 0, clearedAt: null, clearedAtRest: false, estimate, reached: {} };
  const steps: readonly ChainStep[] = ['changed', 'seen', 'pending', 'firing', 'grouped', 'mail'];
  return Math.ceil(steps.map((step) => secondsOf(step, run, stack)).reduce((sum, seconds) => sum + seconds, 0));
}
