import { expect, test } from 'vitest';
import type { Service } from '../../../provision/checks/service.ts';
import { clusterAlertPath } from '../../../provision/cluster/checks/alert-path.ts';
import { isHealthy } from '../../../provision/cluster/checks/status.ts';
import { productionStack } from '../../support/stacks.ts';

const well = {
  outOfReach: [],
  workloads: [{ kind: 'Deployment', name: 'lookout-exporter', state: 'ready', reason: '' }],
  claims: [{ name: 'data', phase: 'Bound', capacity: 1, pods: [] }],
  targets: [{ job: 'shop', health: 'up', error: '' }],
  alertPath: { state: 'proven', at: 0 },
  credentials: [{ name: 'scrape-token', place: 'a Secret', problem: undefined }],
} as const;

test('a stack is well when all of it is', () => expect(isHealthy(well)).toBe(true));

test.each([
  ['a pod is not ready', { workloads: [{ ...well.workloads[0], state: 'waiting' }] }],
  ['a claim is not bound', { claims: [{ ...well.claims[0], phase: 'Pending' }] }],
  ['a target is down', { targets: [{ ...well.targets[0], health: 'down' }] }],
  ['Prometheus does not answer', { targets: null }],
  ['Alertmanager does not answer', { alertPath: null }],
  ['alerts do not arrive', { alertPath: { state: 'missing', reason: 'Watchdog has not come' } }],
  ['a credential is missing', { credentials: [{ ...well.credentials[0], problem: 'is missing' }] }],
] as const)('it is not when %s', (_, more) => expect(isHealthy({ ...well, ...more })).toBe(false));

test('what is not asked from here is no fault', () => {
  const away = { targets: null, alertPath: null };
  expect(isHealthy({ ...well, ...away, outOfReach: ['prometheus', 'alertmanager'] })).toBe(true);
  expect(isHealthy({ ...well, ...away, outOfReach: ['prometheus'] })).toBe(false);
});

const now = 1_795_000_000_000;
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

function prometheus(startTime: string): Service {
  const answer = { status: 'success', data: { startTime } };
  return { title: 'Prometheus', request: async () => new Response(JSON.stringify(answer)) };
}

/** With the alert that always fires, last told so long ago; null: it never was. */
function alertmanager(uptime: string, told: number | null): Service {
  const alerts = told === null ? [] : [{ labels: { alertname: 'Watchdog' }, updatedAt: ago(told) }];
  const answer = (path: string) => (path.startsWith('/api/v2/alerts') ? alerts : { uptime });
  return { title: 'Alertmanager', request: async (path) => new Response(JSON.stringify(answer(path))) };
}

test.each([
  ['right after a start', 20, 20, null, 'unknown'],
  ['when Alertmanager alone was started again', 86_400, 20, null, 'unknown'],
  ['when Prometheus alone was started again', 20, 86_400, null, 'unknown'],
  ['once it had its time', 200, 200, null, 'missing'],
  ['when it came', 200, 200, 50, 'proven'],
  ['when it no longer comes', 86_400, 86_400, 400, 'missing'],
] as const)('the alert path %s', async (_, prometheusUp, alertmanagerUp, told, state) => {
  const path = {
    prometheuses: [prometheus(ago(prometheusUp))],
    alertmanagers: [alertmanager(ago(alertmanagerUp), told)],
  };
  expect(await clusterAlertPath(path, productionStack, now)).toMatchObject({ state });
  const one = alertmanager(ago(86_400), 10);
  const both = { ...path, alertmanagers: [one, ...path.alertmanagers] };
  expect(await clusterAlertPath(both, productionStack, now)).toMatchObject({ state });
});

test('a stack that has just started is not called ill for what could not have arrived yet', () => {
  expect(isHealthy({ ...well, alertPath: { state: 'unknown' } })).toBe(true);
  expect(isHealthy({ ...well, targets: [{ ...well.targets[0], health: 'unknown' }] })).toBe(true);
});
