import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
interface Span {
  readonly traceId: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

test('each attempt to read a source is a span with its source and its reason, and the log names its trace', async () => {
  const { spans, endpoint } = await receiver();
  const folder = temporaryFolder();
  const exporter = await runExporterIn(folder, {
    traces: { endpoint },
    volumes: ['here', 'gone'].map((name) => ({
      name,
      namespace: 'n',
      directory: name === 'here' ? folder : '/gone',
      requested: null,
    })),
  });
  await until(() => spans.length === 2);
  const attributes = spans.map((span) =>
    Object.fromEntries(span.attributes.map(({ key, value }) => [key, value.stringValue])),
  );
  expect(spans.map(({ name }) => name)).toEqual(['collect volumes', 'collect volumes']);
  expect(attributes).toEqual([
    { 'lookout.collector': 'volumes', 'lookout.source': 'here' },
    { 'lookout.collector': 'volumes', 'lookout.source': 'gone', 'lookout.reason': 'not_found' },
  ]);
  expect(spans[1]?.status).toMatchObject({ code: 2, message: expect.stringContaining('/gone') });
  expect(exporter.logs.find(({ level }) => level === 'warn')?.fields).toMatchObject({ trace_id: spans[1]?.traceId });
});

test('of very many attempts those that fail are all spans, and of those that succeed a few', async () => {
  const { spans, endpoint } = await receiver();
  const folder = temporaryFolder();
  const volume = (name: string, directory: string) => ({ name, namespace: 'n', directory, requested: null });
  const numbered = (name: string, directory: string, count: number) =>
    Array.from({ length: count }, (_, number) => volume(`${name}-${number}`, directory));
  await runExporterIn(folder, {
    traces: { endpoint },
    volumes: [...numbered('here', folder, 300), ...numbered('gone', '/gone', 100)],
  });
  const failed = () => spans.filter(({ status }) => status.code === 2).length;
  await until(() => failed() === 100);
  expect(spans.length - failed()).toBeGreaterThan(0);
  expect(spans.length - failed()).toBeLessThan(300);
});

test('an address for traces where nobody listens changes nothing', async () => {
  const folder = temporaryFolder();
  const exporter = await runExporterIn(folder, {
    traces: { endpoint: 'http://127.0.0.1:1/v1/traces' },
    volumes: [{ name: 'here', namespace: 'n', directory: folder, requested: null }],
  });
  expect((await exporter.scrape()).value('lookout_source_up')).toBe(1);
  await exporter.stop();
});

/** Takes spans as an OpenTelemetry collector does: OTLP/HTTP in JSON. */
async function receiver() {
  const spans: Span[] = [];
  const collector = createServer(async (request, response) => {
    spans.push(...(await spansOf(request)));
    response.end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  const { port } = collector.address() as AddressInfo;
  return { spans, endpoint: `http://127.0.0.1:${port}/v1/traces` };
}

async function spansOf(request: IncomingMessage): Promise<readonly Span[]> {
  const { resourceSpans } = JSON.parse(await text(request)) as {
    resourceSpans: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}
