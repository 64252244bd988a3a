import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api';

/** Runs `work` as a span below the current one; without `startTracing` it only runs it. */
export function inSpan<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> {
  return trace.getTracer('shop').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

export function failSpan(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
}

export interface Tracing {
  /** OTLP/HTTP address, e.g. `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  /** Share of the requests that are traced. */
  readonly ratio: number;
}

const patienceMilliseconds = 1000;

/**
 * Sends sampled spans from now on. An endpoint that is down costs nothing but a bounded queue, which then drops. Gives the
 * function that ends it after trying to send the rest. The SDK is loaded only here: it takes 15 MB.
 */
export async function startTracing({ endpoint, ratio }: Tracing): Promise<() => Promise<void>> {
  const [{ NodeSDK }, tracing, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    sampler: new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new tracing.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: endpoint, timeoutMillis: patienceMilliseconds }),
        scheduledDelayMillis: 2000,
        exportTimeoutMillis: patienceMilliseconds,
        maxQueueSize: 512,
        maxExportBatchSize: 128,
      }),
    ],
  });
  sdk.start();
  return () => sdk.shutdown().catch(() => {});
}
