import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { describeRequirement, type LabelSelector, unmet } from '../../../provision/cluster/operators/label-selector.ts';
import { judge, readersOf } from '../../../provision/cluster/operators/readers.ts';

describe('a label selector', () => {
  const labels = { team: 'shop', release: 'main' };
  const table: readonly (readonly [string, LabelSelector, boolean])[] = [
    ['that is empty selects everything', {}, true],
    ['of a label with its value', { matchLabels: { team: 'shop' } }, true],
    ['of a label with another value', { matchLabels: { team: 'bank' } }, false],
    ['of two labels needs both', { matchLabels: { team: 'shop', tier: 'web' } }, false],
    [
      'of one of several values',
      { matchExpressions: [{ key: 'team', operator: 'In', values: ['bank', 'shop'] }] },
      true,
    ],
    [
      'of values for a label that is not there',
      { matchExpressions: [{ key: 'tier', operator: 'In', values: [''] }] },
      false,
    ],
    ['of none of several values', { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['shop'] }] }, false],
    [
      'of none of several values selects what lacks the label',
      { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] },
      true,
    ],
    ['of a label that is there', { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, true],
    ['of a label that is to be there and is not', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
    ['of a label that is to be away', { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, false],
    ['of a label that is to be away and is', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
  ];
  test.each(table)('%s', (_, selector, selects) => expect(unmet(selector, labels).length === 0).toBe(selects));

  test('says what it asks for', () => {
    const selector: LabelSelector = {
      matchLabels: { team: 'bank' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'release', operator: 'NotIn', values: ['main'] },
        { key: 'owner', operator: 'Exists' },
        { key: 'team', operator: 'DoesNotExist' },
      ],
    };
    expect(unmet(selector, labels).map(describeRequirement)).toEqual([
      'team=bank',
      'tier in (a, b)',
      'release not in (main)',
      'a label owner',
      'no label team',
    ]);
  });
});

describe('a Prometheus of prometheus-operator', () => {
  const rule: KubernetesObject = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'lookout-backups', namespace: 'shop', labels: { team: 'shop' } },
  };
  const [kind] = readersOf(rule);
  const prometheus = (spec: object, namespace = 'monitoring'): LiveObject => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'main', namespace, uid: '1', resourceVersion: '1', creationTimestamp: '' },
    spec,
  });
  const everywhere = { ruleNamespaceSelector: {} };
  const table: readonly (readonly [string, LiveObject, string | undefined])[] = [
    ['with empty selectors reads it', prometheus({ ...everywhere, ruleSelector: {} }), undefined],
    ['without a selector reads nothing', prometheus(everywhere), 'has no ruleSelector, so it reads none'],
    [
      'without a selector of namespaces reads its own only',
      prometheus({ ruleSelector: {} }),
      'has no ruleNamespaceSelector, so it reads its own namespace only',
    ],
    ['without one reads what lies beside it', prometheus({ ruleSelector: {} }, 'shop'), undefined],
    [
      'that asks for a label says which one helps',
      prometheus({ ...everywhere, ruleSelector: { matchLabels: { release: 'main' } } }),
      'its ruleSelector asks for release=main, which the object does not meet: write operator: { labels: { release: main } }',
    ],
    [
      'that asks for a label of the namespace says how to give it',
      prometheus({ ruleSelector: {}, ruleNamespaceSelector: { matchLabels: { watched: 'yes' } } }),
      'its ruleNamespaceSelector asks for watched=yes, which namespace shop does not meet: kubectl label namespace shop watched=yes',
    ],
    [
      'that asks for a label to be away has no label that helps',
      prometheus({ ...everywhere, ruleSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }),
      'its ruleSelector asks for no label team, which the object does not meet',
    ],
  ];
  test.each(table)('%s', (_, program, reason) => {
    const verdict = judge(program, kind!, rule, { 'kubernetes.io/metadata.name': 'shop' });
    expect(verdict).toEqual(reason === undefined ? { reads: true } : { reads: false, reason });
  });

  test('is not asked about objects that no operator of its kind reads', () => {
    expect(readersOf({ apiVersion: 'v1', kind: 'ConfigMap' })).toEqual([]);
    expect(readersOf({ apiVersion: 'grafana.integreatly.org/v1beta1', kind: 'GrafanaDashboard' })).toEqual([]);
  });
});
