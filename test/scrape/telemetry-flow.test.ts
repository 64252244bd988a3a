import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { telemetryStack } from '../support/stacks.ts';
import {
  type RunningProgram,
  sendTelemetry,
  startProgram,
  type TelemetryPorts,
  telemetryPorts,
  telemetryPrograms,
  writeTelemetryFiles,
} from '../support/telemetry-programs.ts';

const programs = telemetryPrograms(process.env);

test.runIf(programs === undefined)('nothing is sent: LOOKOUT_TELEMETRY_BIN is not set', () =>
  expect(programs).toBeUndefined(),
);

/** A real collector and a real Jaeger with the built files, changed in their addresses only. */
describe.runIf(programs !== undefined)('what an application sends', () => {
  let directory: string;
  let ports: TelemetryPorts;
  let running: readonly RunningProgram[] = [];
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-telemetry-'));
    ports = await telemetryPorts();
    writeTelemetryFiles(telemetryStack, directory, ports);
    running = [
      startProgram(programs!.collector, [`--config=${join(directory, 'otel-collector/collector.yaml')}`]),
      startProgram(programs!.jaeger, [`--config=${join(directory, 'jaeger/jaeger.yaml')}`]),
    ];
    await answered(`http://127.0.0.1:${ports.collector.health}/`, /Server available/);
    await answered(`http://127.0.0.1:${ports.jaeger.health}/status`, /StatusOK/);
    expect(await sendTelemetry(ports.collector.otlpHttp, 5, Date.now())).toEqual([200, 200]);
  });
  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    rmSync(directory, { recursive: true, force: true });
  });

  test('is a trace in Jaeger', async () => {
    const traces = `http://127.0.0.1:${ports.jaeger.query}/api/traces?service=calculator`;
    expect(await answered(traces, /GET \/health/)).toContain('"data":[{');
  });

  test('is a metric for Prometheus, by the names of the conventions', async () => {
    const metrics = await answered(`http://127.0.0.1:${ports.collector.metrics}/metrics`, /_count/);
    expect(metrics).toMatch(/http_server_request_duration_seconds_count\{.*job="co2\/calculator".*\} 5/);
  });

  test.each(['collector', 'jaeger'] as const)(
    'is counted by %s under the names that its alerts read',
    async (program) => {
      const own = await answered(`http://127.0.0.1:${ports[program].own}/metrics`, /accepted_spans_total/);
      expect(own).toMatch(/^otelcol_receiver_accepted_spans_total\{.*\} 1$/m);
      expect(own).toMatch(/^otelcol_receiver_refused_spans_total\{.*\} 0$/m);
      expect(own).toMatch(/^otelcol_process_memory_rss_bytes /m);
    },
  );
});

/** The answer, as soon as it is the one that is waited for; the test's own time limit ends the wait. */
async function answered(url: string, pattern: RegExp): Promise<string> {
  for (;;) {
    const text = await fetch(url).then(
      (response) => response.text(),
      () => '',
    );
    if (pattern.test(text)) return text;
    await sleep(200);
  }
}
