import { describe, expect, test } from 'vitest';
import { advance } from '../../../demo/incidents/chain/advance.ts';
import { estimatedSeconds, view } from '../../../demo/incidents/chain/links.ts';
import type { Observation } from '../../../demo/incidents/chain/observe.ts';
import { begun, cleared, type Run } from '../../../demo/incidents/chain/run.ts';
import { samples } from '../../../demo/incidents/chain/sight.ts';
import { localStack } from '../../support/stacks.ts';

const start = Date.UTC(2026, 10, 20, 12);
const second = (seconds: number) => start + seconds * 1000;
const estimate = { seen: 5, hold: 4, recovered: 6, inactive: 0 };
const fresh = begun({ incident: 'backup-missed', startedAt: start, operations: [] }, estimate, second(0.1));

const nothing: Observation = { problems: [] };
const quiet: Observation = {
  shows: false,
  alert: { state: 'inactive', activeAt: null, hold: 4 },
  grouped: false,
  messages: [],
  problems: [],
};
const told = (kind: 'mail' | 'slack', state: 'firing' | 'resolved', at: number) => ({
  kind,
  state,
  receivedAt: second(at),
  title: `${state} by ${kind}`,
  url: 'http://inbox/1',
});

/** Observations at their times, one after the other. */
function observing(run: Run, observations: readonly (readonly [number, Observation])[]): Run {
  return observations.reduce((current, [at, observed]) => advance(current, observed, second(at)), run);
}

function times(run: Run): Record<string, number> {
  return Object.fromEntries(Object.entries(run.reached).map(([step, { at }]) => [step, (at - start) / 1000]));
}

const fired = observing(fresh, [
  [1, quiet],
  [4, { ...quiet, shows: true }],
  [6, { ...quiet, shows: true, alert: { state: 'pending', activeAt: second(5.5), hold: 4 } }],
  [10, { ...quiet, shows: true, alert: { state: 'firing', activeAt: second(5.5), hold: 4 }, grouped: true }],
  [12, { ...quiet, shows: true, messages: [told('mail', 'firing', 11.7), told('slack', 'firing', 11.6)] }],
]);

describe('a run', () => {
  test('gets the true time where a source tells it, else the time at which it was seen', () => {
    expect(times(fired)).toEqual({
      changed: 0.1,
      seen: 4,
      pending: 5.5,
      firing: 10,
      grouped: 10,
      mail: 11.7,
      slack: 11.6,
    });
    expect(fired.reached.mail).toMatchObject({ detail: 'firing by mail', url: 'http://inbox/1' });
  });

  test('keeps the first time of each step', () => {
    expect(times(observing(fired, [[30, { ...quiet, shows: true, grouped: true }]]))).toEqual(times(fired));
  });

  test('gives steps that passed unseen the time of the next one', () => {
    const late = observing(fresh, [[60, { ...nothing, messages: [told('mail', 'firing', 11)] }]]);
    expect(times(late)).toEqual({ changed: 0.1, seen: 11, pending: 11, firing: 11, grouped: 11, mail: 11 });
  });

  test('takes no message from before it started', () => {
    expect(times(observing(fresh, [[1, { ...nothing, messages: [told('mail', 'firing', -5)] }]]))).toEqual({
      changed: 0.1,
    });
  });

  test('learns from Prometheus how long the alert must hold', () => {
    const run = observing(fresh, [[1, { ...quiet, alert: { state: 'inactive', activeAt: null, hold: 44 } }]]);
    expect(run.estimate.hold).toBe(44);
  });

  test('goes home: measured, resolved, told, but not before each has happened', () => {
    const back = cleared(fired, second(20));
    const still = observing(back, [
      [21, { ...quiet, shows: true, alert: { state: 'firing', activeAt: second(5.5), hold: 4 } }],
    ]);
    expect(times(still)).toEqual({ ...times(fired), cleared: 20 });
    const home = observing(still, [
      [24, quiet],
      [
        40,
        {
          ...quiet,
          messages: [told('mail', 'firing', 11.7), told('mail', 'resolved', 39), told('slack', 'resolved', 38)],
        },
      ],
    ]);
    expect(times(home)).toMatchObject({ recovered: 24, inactive: 24, 'mail-resolved': 39, 'slack-resolved': 38 });
  });
});

describe('what is shown of a run', () => {
  const shown = (run: Run, at: number, observed: Observation = nothing) => view(run, observed, localStack, second(at));
  const states = (run: Run, at: number) =>
    Object.fromEntries(shown(run, at).chain.map(({ step, state }) => [step, state]));

  test('has one active link, what comes after it waits', () => {
    expect(states(fresh, 1)).toEqual({
      changed: 'done',
      seen: 'active',
      pending: 'waiting',
      firing: 'waiting',
      grouped: 'waiting',
      mail: 'waiting',
      slack: 'waiting',
    });
  });

  test('expects each link after the one before, from the intervals of the stack', () => {
    const expected = shown(fresh, 1).chain.map(({ expectedAt }) => Math.round((expectedAt - start) / 100) / 10);
    expect(expected).toEqual([1, 5.1, 8.1, 12.1, 14.1, 17.1, 17.1]);
    expect(estimatedSeconds(estimate, localStack)).toBe(18);
  });

  test('counts how long a pending alert has held', () => {
    const pending = observing(fresh, [[6, { ...quiet, alert: { state: 'pending', activeAt: second(5), hold: 20 } }]]);
    const firing = shown(pending, 17).chain.find(({ step }) => step === 'firing');
    expect(firing).toMatchObject({ state: 'active', detail: '12 of 20 s' });
  });

  test('says where it is stuck past twice the estimate, where to look, and which part does not answer', () => {
    const slow = { ...fresh, estimate: { ...estimate, seen: 30 } };
    expect(shown(slow, 60).chain[1]?.state).toBe('active');
    const stuck = shown(slow, 61, { problems: ['the exporter does not answer at 127.0.0.1:1'] }).chain[1];
    expect(stuck).toMatchObject({ step: 'seen', state: 'stuck' });
    expect(stuck?.detail).toMatch(/lookout logs exporter.*the exporter does not answer at 127\.0\.0\.1:1/);
  });

  test('is over when the resolved messages have come', () => {
    const back = cleared(fired, second(20));
    expect(shown(back, 21).phase).toBe('clearing');
    const messages = [told('mail', 'resolved', 39), told('slack', 'resolved', 38)];
    expect(shown(observing(back, [[40, { ...quiet, messages }]]), 41).phase).toBe('over');
  });

  test('expects no resolved message of an alert that never told it was firing', () => {
    const pending = observing(fresh, [
      [6, { ...quiet, shows: true, alert: { state: 'pending', activeAt: second(5), hold: 4 } }],
    ]);
    const back = observing(cleared(pending, second(7)), [[9, quiet]]);
    expect(states(back, 10)).toEqual({
      changed: 'done',
      seen: 'done',
      pending: 'done',
      cleared: 'done',
      recovered: 'done',
      inactive: 'done',
    });
    expect(shown(back, 10).phase).toBe('over');
  });

  test('expects no resolved message when it was undone while nothing ran', () => {
    const back = { ...cleared(fired, second(20)), clearedAtRest: true };
    expect(states(back, 30)).not.toHaveProperty('mail-resolved');
    expect(shown(observing(back, [[31, quiet]]), 32).phase).toBe('over');
  });

  test('gives up what has not come ten minutes after clearing', () => {
    const back = cleared(fired, second(20));
    expect(shown(back, 619).phase).toBe('clearing');
    expect(shown(back, 621).phase).toBe('over');
  });

  test('leaves out messages that go to the own receivers of the user', () => {
    const own = { ...localStack, local: { ...localStack.local!, inbox: null } };
    const steps = view(fresh, nothing, own, second(1)).chain.map(({ step }) => step);
    expect(steps).toEqual(['changed', 'seen', 'pending', 'firing', 'grouped']);
  });
});

describe('samples', () => {
  const text = [
    '# TYPE lookout_backup_verified gauge',
    'lookout_backup_verified{backup="a",check="gzip"} 1',
    'lookout_backup_verified{backup="b \\"}\\" c",check="gzip"} 0 1795222321367',
    'lookout_backup_verified_total{backup="a"} 7',
    'lookout_backup_age_seconds{backup="a"} +Inf',
  ].join('\n');

  test('are found by family and labels, whatever else the line has', () => {
    expect(samples(text, 'lookout_backup_verified', { backup: 'a' })).toEqual([1]);
    expect(samples(text, 'lookout_backup_verified', { backup: 'b \\"}\\" c', check: 'gzip' })).toEqual([0]);
    expect(samples(text, 'lookout_backup_verified', {})).toEqual([1, 0]);
    expect(samples(text, 'lookout_backup_verified', { backup: 'c' })).toEqual([]);
  });
});
