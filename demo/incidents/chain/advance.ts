import type { ChainStep } from '../../../provision/local/types.ts';
import type { Observation } from './observe.ts';
import { type Reached, type Run, reachedAt } from './run.ts';
import { homeward, outward, type Step } from './steps.ts';

/**
 * The run after what was observed `now` (milliseconds). Where a source tells the true time it stands, else the time of the observation; a
 * step that was passed unobserved gets the time of the one after it.
 */
export function advance(run: Run, observed: Observation, now: number): Run {
  const found = run.clearedAt === null ? wayOut(run, observed, now) : wayHome(run, observed, now);
  const reached = inOrder({ ...dropEmpty(found), ...run.reached });
  const hold = observed.alert?.hold ?? run.estimate.hold;
  return { ...run, reached, estimate: { ...run.estimate, hold } };
}

type Found = Partial<Record<ChainStep, Reached | undefined>>;

function wayOut({ startedAt }: Run, { shows, alert, grouped, messages }: Observation, now: number): Found {
  const active = alert?.activeAt !== undefined && alert.activeAt !== null;
  return {
    seen: shows === true ? reachedAt(now) : undefined,
    pending: active ? reachedAt(Math.max(alert.activeAt, startedAt)) : undefined,
    firing: alert?.state === 'firing' ? reachedAt(now) : undefined,
    grouped: grouped === true ? reachedAt(now) : undefined,
    mail: messageOf(messages, 'mail', 'firing', startedAt),
    slack: messageOf(messages, 'slack', 'firing', startedAt),
  };
}

function wayHome(run: Run, { shows, alert, messages }: Observation, now: number): Found {
  const { startedAt, clearedAt } = run;
  const recovered = shows === false ? reachedAt(now) : undefined;
  return {
    mail: messageOf(messages, 'mail', 'firing', startedAt),
    slack: messageOf(messages, 'slack', 'firing', startedAt),
    recovered,
    inactive: alert?.state === 'inactive' && (run.reached.recovered ?? recovered) ? reachedAt(now) : undefined,
    'mail-resolved': messageOf(messages, 'mail', 'resolved', clearedAt ?? startedAt),
    'slack-resolved': messageOf(messages, 'slack', 'resolved', clearedAt ?? startedAt),
  };
}

function messageOf(
  messages: Observation['messages'],
  kind: 'mail' | 'slack',
  state: 'firing' | 'resolved',
  since: number,
): Reached | undefined {
  const found = messages?.filter(
    (message) => message.kind === kind && message.state === state && message.receivedAt >= since,
  );
  const first = found?.toSorted((one, other) => one.receivedAt - other.receivedAt)[0];
  return first && { at: first.receivedAt, detail: first.title, url: first.url };
}

function dropEmpty(found: Found): Run['reached'] {
  return Object.fromEntries(Object.entries(found).filter(([, reached]) => reached !== undefined)) as Run['reached'];
}

/** No step is later than one that comes after it. */
function inOrder(reached: Run['reached']): Run['reached'] {
  const result = { ...reached };
  for (const { step, after } of [...outward, ...homeward].reverse()) capBefore(result, step, after);
  return result;
}

function capBefore(reached: Partial<Record<ChainStep, Reached>>, step: ChainStep, after: Step['after']): void {
  const later = reached[step];
  if (after === null || later === undefined) return;
  const earlier = reached[after];
  if (earlier === undefined || earlier.at > later.at)
    reached[after] = { ...(earlier ?? reachedAt(later.at)), at: later.at };
}
