import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scrapeFiles } from '../../scrape/index.ts';
import { type ClusterSettings, type Stack, traceReceiver } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { run } from '../support/programs.ts';
import { productionStack, telemetryStack } from '../support/stacks.ts';
import { telemetryPrograms } from '../support/telemetry-programs.ts';

const programs = telemetryPrograms(process.env);
const existing = (address: string) => ({ kind: 'existing', address }) as const;

function content(stack: Stack, path: string): string | undefined {
  return scrapeFiles(stack).find((file) => file.path === path)?.content;
}

function withComponents(
  components: Partial<ClusterSettings['components']>,
  more: Partial<ClusterSettings> = {},
): Stack {
  const cluster = productionStack.cluster!;
  return { ...productionStack, cluster: { ...cluster, ...more, components: { ...cluster.components, ...components } } };
}

function jobNames(stack: Stack): readonly string[] {
  const { scrape_configs: jobs } = parse(content(stack, 'prometheus/prometheus.yml') ?? '') as {
    scrape_configs: { job_name: string }[];
  };
  return jobs.map(({ job_name: name }) => name);
}

const inMemory = withComponents({ jaeger: { kind: 'install' } }, { jaeger: { retention: 604_800, memory: 20_000 } });
const withoutJaeger = withComponents({ otelCollector: { kind: 'install' } });

describe('the files of a collector and of Jaeger', () => {
  test.each(['otel-collector/collector.yaml', 'jaeger/jaeger.yaml'])('%s is as recorded', (path) =>
    expectGolden(`scrape/telemetry.${path.split('/')[1]}`, content(telemetryStack, path) ?? ''),
  );

  test('are not there where neither is installed', () => {
    expect(scrapeFiles(productionStack).filter(({ path }) => /otel|jaeger/.test(path))).toEqual([]);
  });

  test('take no traces where nobody keeps them', () => {
    const { service, exporters } = parse(content(withoutJaeger, 'otel-collector/collector.yaml') ?? '');
    expect(Object.keys(service.pipelines)).toEqual(['metrics']);
    expect(Object.keys(exporters)).toEqual(['prometheus']);
  });

  test('send traces to a Jaeger that is there already, on its usual port', () => {
    const stack = withComponents({ otelCollector: { kind: 'install' }, jaeger: existing('jaeger.tracing:16686') });
    const { exporters } = parse(content(stack, 'otel-collector/collector.yaml') ?? '');
    expect(exporters.otlp_grpc.endpoint).toBe('jaeger.tracing:4317');
    expect(content(stack, 'jaeger/jaeger.yaml')).toBeUndefined();
  });

  test('keep traces in memory where the environment says so', () => {
    const { extensions } = parse(content(inMemory, 'jaeger/jaeger.yaml') ?? '');
    expect(extensions.jaeger_storage.backends.traces).toEqual({ memory: { max_traces: 20_000 } });
  });
});

describe('the jobs', () => {
  test('are those of the programs and of what the collector was sent', () => {
    const names = jobNames(telemetryStack);
    expect(names).toEqual(
      expect.arrayContaining(['lookout-otel-collector', 'otel-applications', 'lookout-jaeger', 'shop']),
    );
  });

  test('leave what the collector was sent to an application that names it as its endpoint', () => {
    const [shop] = telemetryStack.applications;
    const metrics = { ...shop!.metrics!, address: 'lookout-otel-collector:8889' };
    const stack = { ...telemetryStack, applications: [{ ...shop!, metrics }] };
    expect(jobNames(stack)).not.toContain('otel-applications');
    expect(jobNames(stack)).toContain('lookout-otel-collector');
  });

  test('are none for programs that others run, who scrape them', () => {
    const stack = withComponents({ otelCollector: existing('otel:4318'), jaeger: existing('jaeger:16686') });
    expect(jobNames(stack).filter((name) => /otel|jaeger/.test(name))).toEqual([]);
  });
});

test.each([
  ['nobody', {}, null],
  ['nobody, where a collector has nobody to give them to', { otelCollector: { kind: 'install' } }, null],
  ['Jaeger', { jaeger: { kind: 'install' } }, 'http://lookout-jaeger:4318'],
  ['nobody, where it is a Jaeger of others', { jaeger: existing('jaeger.tracing:16686') }, null],
  [
    'the collector',
    { otelCollector: { kind: 'install' }, jaeger: { kind: 'install' } },
    'http://lookout-otel-collector:4318',
  ],
  [
    'a collector that is there',
    { otelCollector: existing('otel:4318'), jaeger: { kind: 'install' } },
    'http://otel:4318',
  ],
] as const)('%s takes the traces of the exporter', (_who, components, receiver) =>
  expect(traceReceiver(withComponents(components).cluster!)).toBe(receiver),
);

test.runIf(programs === undefined)('collector and Jaeger are not asked: LOOKOUT_TELEMETRY_BIN is not set', () => {
  expect(programs).toBeUndefined();
});

describe.runIf(programs !== undefined)('the programs themselves', () => {
  test.each([
    ['collector', 'otel-collector/collector.yaml', telemetryStack],
    ['collector', 'otel-collector/collector.yaml', withoutJaeger],
    ['jaeger', 'jaeger/jaeger.yaml', telemetryStack],
    ['jaeger', 'jaeger/jaeger.yaml', inMemory],
  ] as const)('%s accepts its file', (program, path, stack) => {
    const text = content(stack, path) ?? '';
    expect(validate(programs![program], text)).toBe('');
    expect(validate(programs![program], text.replace('check_interval', 'check_intervall'))).toContain(
      'check_intervall',
    );
  });
});

function validate(program: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-telemetry-'));
  try {
    writeFileSync(join(directory, 'config.yaml'), text);
    run(program, ['validate', '--config', join(directory, 'config.yaml')]);
    return '';
  } catch (error) {
    return String(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
