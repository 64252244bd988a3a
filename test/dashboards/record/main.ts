/**
 * Records what the dashboards are proven on: `node test/dashboards/record/main.ts [--newer]`. Brings up the local stack of
 * test/fixtures/dashboards/recorded with real programs, lets the shop fail for a while, and after a quarter of an hour writes
 * what Prometheus had scraped to test/fixtures/dashboards/. `--newer` takes the programs in LOOKOUT_NEWER_BIN.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installed, newer } from '../../support/programs.ts';
import { writeRecording } from '../proof/recording.ts';
import { collect } from './collect.ts';
import { startStack, versionsOf } from './stack.ts';

const minutes = 12;
const step = 5;
const fixtures = resolve(import.meta.dirname, '../../fixtures/dashboards');

const generation = process.argv.includes('--newer') ? newer : installed;
if (generation === undefined) throw new Error('--newer needs LOOKOUT_NEWER_BIN, the directory of the newer programs');
const versions = versionsOf(generation);
const out = join(fixtures, `prometheus-${versions.prometheus}.json.gz`);

console.error(
  `recording ${minutes} minutes of Prometheus ${versions.prometheus}, Alertmanager ${versions.alertmanager}`,
);
const { api, demo, state, stop } = await startStack(generation);
try {
  await sleep(90_000);
  const start = Date.now();
  await sleep(4 * 60_000);
  console.error('the shop fails');
  writeFileSync(demo.shopFaults, JSON.stringify({ errorShare: 0.3 }));
  await sleep(2 * 60_000);
  rmSync(demo.shopFaults);
  console.error('the shop is well again');
  await sleep(start + minutes * 60_000 - Date.now());
  const programs = { ...versions, node: process.versions.node };
  const neutral = (value: string) => value.replaceAll(state, '/state');
  const recording = await collect(api, Math.floor(Date.now() / 1000), minutes * 60, step, programs, neutral);
  writeRecording(out, recording);
  const series = recording.groups.reduce((sum, group) => sum + group.series.length, 0);
  console.error(`${out}: ${series} series, ${statSync(out).size} bytes`);
} finally {
  await stop();
}
