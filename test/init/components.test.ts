import { expect, test } from 'vitest';
import { findExisting } from '../../provision/init/cluster/components.ts';
import type { Monitoring } from '../../provision/init/cluster/facts.ts';

const metadata = (name: string) => ({ name, namespace: 'tracing' });

/** One program behind Services of several ports, the one that is asked for not first. */
function running(image: string, services: Readonly<Record<string, readonly number[]>>): Monitoring {
  const labels = { app: 'traced' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'program', image }] } };
  return {
    workloads: [],
    services: [],
    elsewhere: [{ metadata: metadata('program'), spec: { template } }],
    servicesElsewhere: Object.entries(services).map(([name, ports]) => ({
      metadata: metadata(name),
      spec: { selector: labels, ports: ports.map((port) => ({ port })) },
    })),
  } as Monitoring;
}

test.each([
  ['otel/opentelemetry-collector-contrib:0.159.0', { otel: [4317, 4318] }, 'otelCollector', 'otel.tracing.svc:4318'],
  ['otel/opentelemetry-collector-k8s:0.159.0', { otel: [8888] }, 'otelCollector', 'otel.tracing.svc:8888'],
  ['jaegertracing/jaeger:2.13.0', { collector: [4317], query: [16685, 16686] }, 'jaeger', 'query.tracing.svc:16686'],
] as const)('%s is found at the port of %j where it is asked', (image, services, component, address) =>
  expect(findExisting(running(image, services))).toMatchObject([{ component, address }]),
);
