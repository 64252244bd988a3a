import { gzipSync } from 'node:zlib';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSpans, type Span } from '../../demo/inbox/traces/otlp.ts';
import { TraceStore, type TraceSummary } from '../../demo/inbox/traces/store.ts';
import { startInbox, type TestInbox } from './inbox.ts';

describe('traces', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await startInbox();
  });
  afterAll(async () => inbox?.close());

  const get = async <Body>(path: string) => (await (await fetch(`${inbox.url}${path}`)).json()) as Body;
  const post = (body: string | Buffer, headers: Readonly<Record<string, string>>) =>
    fetch(`${inbox.url}/v1/traces`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers });
  const json = { 'content-type': 'application/json' };

  test('arrive from the real exporter of OpenTelemetry', async () => {
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop' }),
      spanProcessors: [new SimpleSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${inbox.url}/v1/traces` }) })],
    });
    const tracer = provider.getTracer('test');
    const root = tracer.startSpan('GET /products');
    const child = tracer.startSpan('SELECT', { attributes: { 'db.rows': 3 } }, trace.setSpan(context.active(), root));
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'locked' });
    child.end();
    root.end();
    await provider.shutdown();

    const [summary] = await get<readonly TraceSummary[]>('/api/traces');
    expect(summary).toMatchObject({ service: 'shop', name: 'GET /products', spans: 2, failed: true });
    const spans = await get<readonly Span[]>(`/api/traces/${summary!.traceId}`);
    const named = (wanted: string) => spans.find(({ name }) => name === wanted)!;
    expect(named('SELECT')).toMatchObject({
      parentSpanId: named('GET /products').spanId,
      failed: true,
      message: 'locked',
      attributes: { 'db.rows': '3' },
    });
  });

  test('arrive compressed as well', async () => {
    const body = gzipSync(JSON.stringify(request(span({ traceId: 'c'.repeat(32), name: 'zipped' }))));
    expect((await post(body, { ...json, 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await get<readonly TraceSummary[]>('/api/traces')).map(({ name }) => name)).toContain('zipped');
  });

  test('in protobuf are refused with what to send instead', async () => {
    const response = await post('\x00', { 'content-type': 'application/x-protobuf' });
    expect([response.status, await response.json()]).toEqual([
      415,
      { message: 'send OTLP in its JSON encoding: content-type application/json' },
    ]);
  });

  test('that are no JSON are refused', async () => {
    expect((await post('{', json)).status).toBe(400);
    expect((await post('x', { ...json, 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test('that are unknown are not found', async () => {
    expect((await fetch(`${inbox.url}/api/traces/${'9'.repeat(32)}`)).status).toBe(404);
  });
});

test('any JSON is read without an error', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const wrapped = `{"resourceSpans":[{"scopeSpans":[{"spans":[${body}]}]}]}`;
      expect(readSpans(wrapped)).toBeDefined();
      readSpans(body);
    }),
  );
});

test('a span without usable ids or times is left out', () => {
  const broken = [span({ traceId: 'x' }), span({ spanId: '' }), span({ startTimeUnixNano: 'soon' })];
  expect(readSpans(JSON.stringify(request(...broken)))).toEqual([]);
});

describe('the trace store', () => {
  const of = (traceId: string, spanId = 'a'.repeat(16)) =>
    readSpans(JSON.stringify(request(span({ traceId, spanId }))))!;
  const id = (number: number) => String(number).padStart(32, '0');

  test('keeps the latest traces', () => {
    const store = new TraceStore(2);
    for (const number of [1, 2, 3]) store.add(of(id(number)));
    expect(store.list().map(({ traceId }) => traceId)).toHaveLength(2);
    expect(store.get(id(1))).toBeUndefined();
  });

  test('keeps a trace that never ends bounded', () => {
    const store = new TraceStore(2);
    for (let number = 0; number < 600; number += 1) store.add(of(id(1), String(number).padStart(16, '0')));
    expect(store.get(id(1))).toHaveLength(500);
  });
});

function span(more: object) {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'x',
    startTimeUnixNano: '1795000000000000000',
    endTimeUnixNano: '1795000000005000000',
    ...more,
  };
}

function request(...spans: readonly object[]) {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}
