import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../common/durations.ts';
import { contained } from '../../../demo/incidents/containment.ts';
import { catalogue } from '../../../demo/incidents/index.ts';
import { bind } from '../../../demo/incidents/operations/index.ts';
import { families } from '../../../exporter/metrics/index.ts';
import { ruleSet } from '../../../rules/index.ts';
import { localStack } from '../../support/stacks.ts';
import { demonstration } from './world.ts';

const alerts = new Map(
  ruleSet(localStack).groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ('alert' in rule ? [[rule.alert, rule]] : [])),
  ),
);

test('lists every incident of the folder', () => {
  const helpers = ['containment', 'faults', 'index', 'journal', 'refusals', 'targets', 'tracker', 'types'];
  const files = readdirSync(resolve(import.meta.dirname, '../../../demo/incidents'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name.replace('.ts', ''));
  expect(files.filter((name) => !helpers.includes(name)).sort()).toEqual(catalogue.map(({ name }) => name).sort());
});

describe.each(catalogue)('$name', (incident) => {
  test('names alerts that this stack has, and the label by which its own names what is wrong', () => {
    for (const name of incident.alerts) expect(alerts.has(name), name).toBe(true);
    const target = incident.target(demonstration())!;
    expect(alerts.get(incident.alerts[0]!)?.annotations['object']).toBe(target.label);
  });

  test('expects its alert to hold as long as the rule says', () => {
    const world = demonstration();
    const rule = alerts.get(incident.alerts[0]!)!;
    const seconds = typeof rule.for === 'number' ? rule.for : parseDuration(rule.for);
    expect(incident.estimate(world).hold).toBe(seconds);
  });

  test('looks for its change in a family that the exporter serves, or asks Prometheus', () => {
    const sight = incident.sight(demonstration());
    if (sight.by === 'prometheus') return expect(sight.query).toContain('application="shop"');
    const family = families.find(({ name }) => name === sight.family);
    expect(family?.labels).toEqual(expect.arrayContaining(Object.keys(sight.labels)));
  });

  test('touches nothing but the demonstration', () => {
    const world = demonstration();
    const touched = incident.operations(world).flatMap((operation) => bind(operation).touches());
    expect(touched.length).toBeGreaterThan(0);
    for (const path of touched) expect(contained(world.paths.root, path)).toBe(path);
  });

  test('is not offered where the stack watches something else', () => {
    const { stack, paths } = demonstration();
    const elsewhere = {
      ...stack,
      applications: [],
      backups: stack.backups.map((backup) => ({ ...backup, directory: '/mnt/backups' })),
      volumes: stack.volumes.map((volume) => ({ ...volume, directory: '/mnt/uploads' })),
      certificates: {
        ...stack.certificates,
        files: [{ name: 'shop-web', path: '/etc/ssl/shop.pem', claim: null, password: null }],
        endpoints: [],
      },
    };
    expect(incident.target({ stack: elsewhere, paths })).toBeUndefined();
  });
});
