import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alertmanagerFiles } from '../../notifications/index.ts';
import { watchdog } from '../../notifications/types.ts';
import { alerts, inhibitions } from '../../rules/index.ts';
import { generations, run } from '../support/programs.ts';
import { localStack } from '../support/stacks.ts';

/** What the rules promise to the messages; neither room may import the other. */
describe('rules and notifications agree', () => {
  test('on the alert that feeds the heartbeat', () => {
    expect(alerts.map(({ name }) => name)).toContain(watchdog);
  });

  test('on inhibitions between alerts that exist', () => {
    const names = new Set(alerts.map(({ name }) => name));
    const mentioned = inhibitions.flatMap(({ causes, effects }) => [...causes, ...effects]);
    expect(mentioned.filter((name) => !names.has(name))).toEqual([]);
  });

  test.each(generations)('to the satisfaction of amtool ($name)', ({ amtool }) => {
    const directory = mkdtempSync(join(tmpdir(), 'lookout-contract-'));
    const facts = { objects: alerts.map(({ object }) => object), inhibitions };
    for (const { path, content } of alertmanagerFiles(localStack, facts)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const found = run(amtool, ['check-config', join(directory, 'alertmanager/alertmanager.yml')]);
    expect(found).toContain(`${inhibitions.length} inhibit rules`);
    rmSync(directory, { recursive: true });
  });
});
