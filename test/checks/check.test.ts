import { describe, expect, test } from 'vitest';
import { allPassed, type Check, type CheckContext, runChecks } from '../../provision/checks/check.ts';
import { localStack, productionStack } from '../support/stacks.ts';

const context = { stack: localStack } as CheckContext;
const passing: Check = {
  name: 'passing',
  title: 'it passes',
  run: async () => [{ ok: true, subject: 'a', evidence: 'seen' }],
};
const failing: Check = {
  name: 'failing',
  title: 'it fails',
  run: async () => [{ ok: false, subject: 'a', evidence: 'not seen' }],
};
const outcomes = async (checks: readonly Check[], deliver = false) =>
  (await runChecks(checks, context, { deliver })).map(({ name, outcome }) => `${name} ${outcome}`);

describe('checks', () => {
  test('pass when every finding is good', async () => {
    expect(await outcomes([passing])).toEqual(['passing passed']);
  });

  test('that reject have failed, with the reason and its cause as evidence', async () => {
    const rejecting = {
      ...passing,
      run: () => Promise.reject(new Error('no answer', { cause: new Error('refused') })),
    };
    const [result] = await runChecks([rejecting], context);
    expect(result).toMatchObject({ outcome: 'failed', findings: [{ ok: false, evidence: 'no answer: refused' }] });
  });

  test('that found nothing to check have failed', async () => {
    expect(await outcomes([{ ...passing, run: async () => [] }])).toEqual(['passing failed']);
  });

  test('that are impossible here are skipped with the reason', async () => {
    const [result] = await runChecks([{ ...failing, impossible: () => 'no Grafana here' }], context);
    expect(result).toMatchObject({ outcome: 'skipped', reason: 'no Grafana here' });
  });

  test('of a program that is out of reach are skipped, and say which key says so', async () => {
    const cluster = productionStack.cluster!;
    const components = { ...cluster.components, prometheus: { kind: 'none' } } as const;
    const away = { stack: { ...productionStack, cluster: { ...cluster, components } } } as CheckContext;
    const results = await runChecks(
      [
        { ...failing, asks: ['prometheus'] },
        { ...passing, asks: ['alertmanager'] },
      ],
      away,
    );
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['skipped', 'components.prometheus is none: it is not within reach from here'],
      ['passed', ''],
    ]);
  });

  test('that send something are made only when asked for', async () => {
    const sending = { ...passing, name: 'sending', delivers: true };
    expect(await outcomes([passing, sending])).toEqual(['passing passed']);
    expect(await outcomes([passing, sending], true)).toEqual(['passing passed', 'sending passed']);
  });

  test('that fail are made again until they pass or patience ends, and what sends something never is', async () => {
    const slow = (after: number): Check => {
      let tries = 0;
      return { ...failing, run: async () => [{ ok: ++tries > after, subject: 'a', evidence: `try ${tries}` }] };
    };
    let left = 3;
    const again = async () => left-- > 0;
    const checks = [slow(2), { ...slow(1), delivers: true }, slow(9)];
    const results = await runChecks(checks, context, { deliver: true, again });
    expect(results.map(({ outcome, findings }) => `${outcome}: ${findings[0]?.evidence}`)).toEqual([
      'passed: try 3',
      'failed: try 1',
      'failed: try 2',
    ]);
  });

  test('go on after a failure', async () => {
    expect(await outcomes([failing, passing])).toEqual(['failing failed', 'passing passed']);
  });
});

describe('the verdict', () => {
  const verdict = async (checks: readonly Check[]) => allPassed(await runChecks(checks, context));

  test('is good when everything passed or was impossible', async () => {
    expect(await verdict([passing, { ...failing, impossible: () => 'not here' }])).toBe(true);
  });

  test('is bad when one failed', async () => expect(await verdict([passing, failing])).toBe(false));

  test('is bad when nothing was checked', async () => {
    expect(await verdict([])).toBe(false);
    expect(await verdict([{ ...passing, impossible: () => 'not here' }])).toBe(false);
  });
});
