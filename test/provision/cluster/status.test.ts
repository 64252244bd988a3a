import { expect, test } from 'vitest';
import { isHealthy } from '../../../provision/cluster/checks/status.ts';

const well = {
  outOfReach: [],
  workloads: [{ kind: 'Deployment', name: 'lookout-exporter', state: 'ready', reason: '' }],
  claims: [{ name: 'data', phase: 'Bound', capacity: 1, pods: [] }],
  targets: [{ job: 'shop', up: true, error: '' }],
  alertPath: true,
  credentials: [{ name: 'scrape-token', place: 'a Secret', problem: undefined }],
} as const;

test('a stack is well when all of it is', () => expect(isHealthy(well)).toBe(true));

test.each([
  ['a pod is not ready', { workloads: [{ ...well.workloads[0], state: 'waiting' }] }],
  ['a claim is not bound', { claims: [{ ...well.claims[0], phase: 'Pending' }] }],
  ['a target is down', { targets: [{ ...well.targets[0], up: false }] }],
  ['Prometheus does not answer', { targets: null }],
  ['Alertmanager does not answer', { alertPath: null }],
  ['alerts do not arrive', { alertPath: false }],
  ['a credential is missing', { credentials: [{ ...well.credentials[0], problem: 'is missing' }] }],
] as const)('it is not when %s', (_, more) => expect(isHealthy({ ...well, ...more })).toBe(false));

test('what is not asked from here is no fault', () => {
  const away = { targets: null, alertPath: null };
  expect(isHealthy({ ...well, ...away, outOfReach: ['prometheus', 'alertmanager'] })).toBe(true);
  expect(isHealthy({ ...well, ...away, outOfReach: ['prometheus'] })).toBe(false);
});
