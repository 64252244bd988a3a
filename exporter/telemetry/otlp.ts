import { type Tracer as OpenTelemetryTracer, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { sampled } from './sampled.ts';
import type { Tracer } from './tracer.ts';

const patience = 1000;

/**
 * Sends spans of attempts to an OTLP/HTTP address: of each that fails, and of some that succeed. One that is down costs nothing but a bounded queue. To be imported only
 * where tracing is on: it takes 15 MB.
 */
export function otlpTracer(endpoint: string, version: string): { tracer: Tracer; stop: () => Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: patience });
  const queue = {
    maxQueueSize: 512,
    maxExportBatchSize: 128,
    scheduledDelayMillis: 2000,
    exportTimeoutMillis: patience,
  };
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'lookout-exporter', 'service.version': version }),
    spanProcessors: [sampled(new BatchSpanProcessor({ exporter, ...queue }), () => performance.now())],
  });
  const spans = provider.getTracer('lookout-exporter', version);
  return {
    tracer: (collector, source) => beginSpan(spans, collector, source),
    stop: () => provider.shutdown().catch(() => {}),
  };
}

function beginSpan(spans: OpenTelemetryTracer, collector: string, source: string): ReturnType<Tracer> {
  const span = spans.startSpan(`collect ${collector}`, {
    attributes: { 'lookout.collector': collector, 'lookout.source': source },
  });
  return {
    traceId: span.spanContext().traceId,
    end: (problem) => {
      if (problem !== null) {
        span.setAttribute('lookout.reason', problem.reason);
        span.setStatus({ code: SpanStatusCode.ERROR, message: problem.message });
      }
      span.end();
    },
  };
}
