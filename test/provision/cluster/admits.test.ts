import { describe, expect, test } from 'vitest';
import {
  admits,
  isolating,
  type Policy,
  type Receiver,
  type Sender,
} from '../../../provision/cluster/policies/admits.ts';

/** The policy of the CO2 calculator's backend: its frontend and its ingress only, on one port. */
const backend: Policy = {
  podSelector: { matchLabels: { app: 'backend' } },
  policyTypes: ['Ingress'],
  ingress: [
    {
      from: [
        { podSelector: { matchLabels: { app: 'frontend' } } },
        { namespaceSelector: { matchLabels: { kind: 'ingress' } }, podSelector: { matchLabels: { app: 'nginx' } } },
      ],
      ports: [{ port: 8000 }],
    },
  ],
};
const denyAll: Policy = { podSelector: {}, policyTypes: ['Ingress'] };
const egressOnly: Policy = { podSelector: {}, policyTypes: ['Egress'] };

const to: Receiver = { labels: { app: 'backend' }, namespace: 'co2', port: { number: 8000, name: 'http' } };
const sender = (app: string, namespace = 'co2', labels: Readonly<Record<string, string>> = {}): Sender => ({
  labels: { app },
  namespace: { name: namespace, labels },
});

/** Expectations follow the Kubernetes documentation, "Network Policies". */
describe('whether policies admit', () => {
  test('everyone to a pod that none selects', () => {
    expect(admits([], sender('any', 'other'), to)).toBe(true);
    expect(admits([backend], sender('any'), { ...to, labels: { app: 'docs' } })).toBe(true);
    expect(admits([egressOnly], sender('any'), to)).toBe(true);
    expect(isolating([backend, egressOnly], to)).toEqual([backend]);
  });

  test('only who is named to one that is selected', () => {
    expect(admits([backend], sender('frontend'), to)).toBe(true);
    expect(admits([backend], sender('prometheus'), to)).toBe(false);
    expect(admits([backend], sender('frontend', 'other'), to)).toBe(false);
    expect(admits([denyAll], sender('frontend'), to)).toBe(false);
  });

  test('a pod of another namespace by the labels of both', () => {
    expect(admits([backend], sender('nginx', 'ingress', { kind: 'ingress' }), to)).toBe(true);
    expect(admits([backend], sender('nginx', 'ingress'), to)).toBe(false);
    expect(admits([backend], sender('other', 'ingress', { kind: 'ingress' }), to)).toBe(false);
  });

  test('by number, range and name of the port', () => {
    const at = (ports: NonNullable<Policy['ingress']>[number]['ports']): Policy => ({
      ...denyAll,
      ingress: [{ ports: ports! }],
    });
    expect(admits([backend], sender('frontend'), { ...to, port: { number: 9000 } })).toBe(false);
    expect(admits([at([{ port: 7000, endPort: 8000 }])], sender('any'), to)).toBe(true);
    expect(admits([at([{ port: 7000, endPort: 7999 }])], sender('any'), to)).toBe(false);
    expect(admits([at([{ port: 'http' }])], sender('any'), to)).toBe(true);
    expect(admits([at([{ port: 'metrics' }])], sender('any'), to)).toBe(false);
    expect(admits([at([{}])], sender('any'), to)).toBe(true);
    expect(admits([at([{ protocol: 'UDP', port: 8000 }])], sender('any'), to)).toBe(false);
    expect(
      admits([at([{ protocol: 'UDP', port: 8000 }])], sender('any'), {
        ...to,
        port: { number: 8000, protocol: 'UDP' },
      }),
    ).toBe(true);
  });

  test('what any of several admits', () => {
    expect(admits([denyAll, backend], sender('frontend'), to)).toBe(true);
    expect(admits([denyAll, { ...denyAll, ingress: [{}] }], sender('any', 'other'), to)).toBe(true);
  });

  test('an address block, as no one knows the address that a pod gets', () => {
    const block: Policy = { ...denyAll, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] };
    expect(admits([block], sender('any', 'other'), to)).toBe(true);
  });
});
