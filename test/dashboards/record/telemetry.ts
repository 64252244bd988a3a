/**
 * Records what the dashboard of telemetry is proven on: `node test/dashboards/record/telemetry.ts [--newer]`. A real collector
 * and a real Jaeger run as the built files tell them, an application sends a request's metrics and trace every second; for seven
 * of fifteen minutes Jaeger is away, longer than the collector tries again. Written to test/fixtures/dashboards/. Needs the
 * programs in LOOKOUT_TELEMETRY_BIN; `--newer` takes the Prometheus in LOOKOUT_NEWER_BIN.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installed, newer, run } from '../../support/programs.ts';
import {
  sendTelemetry,
  startProgram,
  telemetryPorts,
  telemetryPrograms,
  writeTelemetryFiles,
} from '../../support/telemetry-programs.ts';
import { prometheusApi } from '../proof/api.ts';
import { writeRecording } from '../proof/recording.ts';
import { freePort } from '../proof/server.ts';
import { collect } from './collect.ts';
import { collectedStack, versionsOf } from './stack.ts';
import { onlyJobsOf } from './telemetry-jobs.ts';

const minutes = 15;
const step = 5;
const generation = process.argv.includes('--newer') ? newer : installed;
if (generation === undefined) throw new Error('--newer needs LOOKOUT_NEWER_BIN, the directory of the newer programs');
const programs = telemetryPrograms(process.env);
if (programs === undefined) throw new Error('needs otelcol-contrib and jaeger in LOOKOUT_TELEMETRY_BIN');
const versions = versionsOf(generation);
const collectorVersion = /version (\d+\.\d+\.\d+)/.exec(run(programs.collector, ['--version']))?.[1] ?? '';

const directory = mkdtempSync(join(tmpdir(), 'lookout-record-'));
const ports = await telemetryPorts();
writeTelemetryFiles(collectedStack(versions), directory, ports);
onlyJobsOf(join(directory, 'prometheus/prometheus.yml'));
const prometheus = `127.0.0.1:${await freePort()}`;
const collector = startProgram(programs.collector, [`--config=${join(directory, 'otel-collector/collector.yaml')}`]);
const startJaeger = () => startProgram(programs.jaeger, [`--config=${join(directory, 'jaeger/jaeger.yaml')}`]);
let jaeger = startJaeger();
const server = startProgram(generation.prometheus, [
  `--config.file=${join(directory, 'prometheus/prometheus.yml')}`,
  `--storage.tsdb.path=${join(directory, 'data')}`,
  `--web.listen-address=${prometheus}`,
]);
try {
  process.stderr.write(
    `recording ${minutes} minutes of collector ${collectorVersion}, Prometheus ${versions.prometheus}\n`,
  );
  await sleep(5000);
  for (let second = 0; second < minutes * 60; second++) {
    if (second === 120) await jaeger.stop();
    if (second === 540) jaeger = startJaeger();
    await sendTelemetry(ports.collector.otlpHttp, second, Date.now());
    await sleep(1000);
  }
  const named = {
    prometheus: versions.prometheus,
    otelcol: collectorVersion,
    jaeger: '2.13.0',
    node: process.versions.node,
  };
  const neutral = (value: string) => value.replace(/^127\.0\.0\.1:\d+$/, 'telemetry.example.com:8888');
  const now = Math.floor(Date.now() / 1000);
  const recording = await collect(prometheusApi(prometheus), now, minutes * 60, step, named, neutral);
  const fixtures = resolve(import.meta.dirname, '../../fixtures/dashboards');
  writeRecording(join(fixtures, `telemetry-prometheus-${versions.prometheus}.json.gz`), recording);
} finally {
  await Promise.all([collector, jaeger, server].map(({ stop }) => stop()));
  rmSync(directory, { recursive: true, force: true });
}
