import { expect, test } from 'vitest';
import { differences } from '../../../provision/cluster/plan/diff.ts';
import { valueAt } from '../../../provision/cluster/plan/field-path.ts';
import { renderPlan } from '../../../provision/cluster/plan/render.ts';
import { hideValues } from '../../../provision/cluster/plan/secrets.ts';
import { strip } from '../../../provision/cluster/plan/strip.ts';
import type { Change, Plan } from '../../../provision/cluster/plan/types.ts';

test('what the server writes is no difference', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
    data: { a: '1' },
  };
  const stored = {
    ...object,
    metadata: { ...object.metadata, uid: 'u', resourceVersion: '1', managedFields: [] },
    status: {},
  };
  expect(strip(stored)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } });
});

test('containers are matched by name, ports by number, and what is new or gone is one difference', () => {
  const before = { containers: [{ name: 'a', image: 'x:1', ports: [{ containerPort: 1 }] }, { name: 'b' }] };
  const after = {
    containers: [{ name: 'c' }, { name: 'a', image: 'x:2', ports: [{ containerPort: 1 }, { containerPort: 2 }] }],
  };
  expect(differences(before, after)).toEqual([
    { path: 'containers[a].image', before: 'x:1', after: 'x:2', by: 'lookout' },
    { path: 'containers[a].ports[2]', before: undefined, after: { containerPort: 2 }, by: 'lookout' },
    { path: 'containers[b]', before: { name: 'b' }, after: undefined, by: 'lookout' },
    { path: 'containers[c]', before: undefined, after: { name: 'c' }, by: 'lookout' },
  ]);
});

test('the same elements in another order are one difference', () => {
  const found = differences({ env: [{ name: 'a' }, { name: 'b' }] }, { env: [{ name: 'b' }, { name: 'a' }] });
  expect(found).toEqual([{ path: 'env (order)', before: ['a', 'b'], after: ['b', 'a'], by: 'lookout' }]);
});

test('a panel of a dashboard and a rule of a rule file are found inside their ConfigMap', () => {
  const dashboard = (expr: string) =>
    JSON.stringify({ panels: [{ id: 1, title: 'Age', targets: [{ refId: 'A', expr }] }] });
  const rules = (limit: number) =>
    `groups:\n- name: backups\n  rules:\n  - record: a:b\n  - alert: BackupMissed\n    expr: x > ${limit}\n`;
  const before = { data: { 'shop.json': dashboard('a'), 'backups.yaml': rules(1) } };
  const after = { data: { 'shop.json': dashboard('b'), 'backups.yaml': rules(2) } };
  expect(differences(before, after)).toEqual([
    { path: 'data["shop.json"] panels[Age].targets[A].expr', before: 'a', after: 'b', by: 'lookout' },
    {
      path: 'data["backups.yaml"] groups[backups].rules[BackupMissed].expr',
      before: 'x > 1',
      after: 'x > 2',
      by: 'lookout',
    },
  ]);
});

test('what we do not send and the cluster changes is its own', () => {
  const found = differences({ spec: {} }, { spec: { priority: 5, replicas: 2 } }, { spec: { replicas: 2 } });
  expect(found.map(({ path, by }) => `${path} ${by}`)).toEqual(['spec.priority cluster', 'spec.replicas lookout']);
});

test('a path of the API server leads to its value, dots and quotes in keys included', () => {
  const object = {
    data: { 'shop.json': 'x', shop: 'y' },
    spec: {
      ports: [
        { port: 80, protocol: 'UDP' },
        { port: 80, protocol: 'TCP', targetPort: 8080 },
      ],
      list: ['a"]', 'b'],
    },
  };
  expect(valueAt(object, '.data.shop.json')).toBe('x');
  expect(valueAt(object, '.data.shop')).toBe('y');
  expect(valueAt(object, '.spec.ports[port=80,protocol="TCP"].targetPort')).toBe(8080);
  const sent = {
    spec: {
      ports: [
        { port: 79, targetPort: 1 },
        { port: 80, targetPort: 2 },
      ],
    },
  };
  expect(valueAt(sent, '.spec.ports[port=80,protocol="TCP"].targetPort'), 'without what the server adds').toBe(2);
  expect(valueAt(object, '.spec.list[="a\\"]"]')).toBe('a"]');
  expect(valueAt(object, '.spec.none[name="x"].y')).toBeUndefined();
});

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'grafana', namespace: 'shop' } };

test('of a Secret the keys are told, never a value', () => {
  const found = differences(
    { data: { a: 'canary1', b: 'canary2' }, metadata: { labels: { x: 'shown' } } },
    { data: { a: 'canary3', c: 'canary4' }, metadata: { labels: { x: 'new' }, annotations: { y: 'canary5' } } },
  );
  const hidden = hideValues(secret, [
    ...found,
    { path: 'data', before: undefined, after: { d: 'canary6' }, by: 'lookout' },
  ]);
  expect(JSON.stringify(hidden)).not.toContain('canary');
  expect(hidden.map(({ path }) => path)).toEqual([
    'data.a',
    'data.b',
    'data.c',
    'metadata.labels.x',
    'metadata.annotations.y',
    'data.d',
  ]);
});

function change(more: Partial<Change> & Pick<Change, 'action'>): Change {
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };
  return {
    reference,
    object,
    differences: [],
    conflicts: [],
    warnings: [],
    notes: [],
    live: undefined,
    adopt: false,
    deferred: false,
    ...more,
  };
}

function lines(plan: Partial<Plan>): readonly string[] {
  return renderPlan(
    { changes: [], prunes: [], problems: [], ...plan },
    { paint: (_, text) => text, command: 'lookout apply shop' },
  );
}

test('a plan without a change says so', () => {
  expect(lines({ changes: [change({ action: 'none' })] })).toEqual(['no change: 1 unchanged']);
});

test('a plan reads as objects with what changes in them, conflicts with their owners and ways out', () => {
  const text = lines({
    changes: [
      change({
        action: 'update',
        differences: [
          { path: 'spec.replicas', before: 1, after: 2, by: 'lookout' },
          { path: 'data["a.txt"]', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n', by: 'lookout' },
        ],
        warnings: ['old'],
        conflicts: [
          {
            path: '.spec.replicas',
            live: 1,
            wanted: 2,
            manager: 'kubectl',
            operation: 'scale',
            time: '2026-11-21T03:00:00Z',
          },
        ],
      }),
    ],
    prunes: [
      {
        reference: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'old' },
        action: 'delete',
        reason: '',
      },
      {
        reference: { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'key' },
        action: 'keep',
        reason: 'it may hold data',
      },
    ],
  });
  expect(text).toEqual([
    '~ update Deployment shop/web',
    '    spec.replicas: 1 -> 2',
    '    data["a.txt"]:',
    '      line 2:',
    '      - two',
    '      + 2',
    '    warning: old',
    '    conflict: .spec.replicas is 1, wanted 2; it belongs to a person with kubectl (scale at 2026-11-21T03:00:00Z)',
    '    to decide: "lookout apply shop --take Deployment/shop/web" takes these fields; or leave them out of the environment; or let their owner give them up',
    '- delete Service shop/old',
    '  stays  Secret shop/key: it may hold data',
    '1 to update, 1 to delete, 1 with conflicts, 0 unchanged',
  ]);
});
