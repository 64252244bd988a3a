import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { until } from '../../exporter/support/exporter.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { onTerminal, screenOf } from '../../support/terminal.ts';

import { temporaryNamespace } from '../support/kubectl.ts';

const namespace = temporaryNamespace();
const program = resolve(import.meta.dirname, '../../../bin/lookout.mjs');

/** A stack of the exporter alone, whose image every test cluster has. */
function writeEnvironment(): string {
  const home = join(temporaryFolder(), 'shop');
  mkdirSync(home);
  const text = `platform: kubernetes
namespace: shop
cluster: { context: ${inject('cluster').context}, namespace: ${namespace}, access: namespace }
components: { prometheus: none, alertmanager: none, grafana: none }
certificates:
  endpoints:
    - { name: shop, address: "shop.example:443" }
`;
  writeFileSync(join(home, 'environment.yaml'), text);
  return home;
}

test('an apply on a terminal shows one block of what it waits for, gives the cursor back on Ctrl-C, and goes on', {
  timeout: 300_000,
}, async () => {
  const home = writeEnvironment();
  const apply = () =>
    onTerminal([process.execPath, program, 'apply', home], 100, { KUBECONFIG: inject('cluster').kubeconfig });
  const stopped = apply();
  const ended = stopped.ended.then((code) => {
    throw new Error(`it ended with ${code} instead:\n${stopped.output()}`);
  });
  await Promise.race([until(() => stopped.output().includes('0 of 1 ready, ')), ended]);
  expect(screenOf(plain(stopped.output())).cursor).toBe(false);
  stopped.type('\u0003');
  expect(await stopped.ended).toBe(1);
  const left = screenOf(plain(stopped.output()));
  expect(left.cursor).toBe(true);
  expect(left.lines.join('\n')).toContain('stopped: what was written stays; the same apply goes on from there');
  expect(left.lines.join('\n')).not.toContain('0 of 1 ready, ');

  const again = apply();
  expect(await again.ended).toBe(0);
  const { lines, cursor } = screenOf(plain(again.output()));
  expect(cursor).toBe(true);
  expect(lines.join('\n')).toContain('everything is ready');
  expect(lines.filter((line) => /of 1 ready/.test(line))).toEqual([]);
});

/** Without the line discipline's echo of Ctrl-C. */
function plain(output: string): string {
  return output.replaceAll('^C', '');
}
