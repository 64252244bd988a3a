import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Gauge, Registry } from 'prom-client';
import { answerBenchmark, shapeAsked } from './loop.ts';
import { timeOf } from './series.ts';

/** The same series in the usual library, answered as its documentation shows. */
const { objects, families, labelsOf } = shapeAsked();
const registry = new Registry();
const gauges = families.map(
  ({ name, help, labels }) => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
);
set(0, objects);

const server = createServer(async (request, response) => {
  const text = await registry.metrics();
  const gzip = request.headers['accept-encoding'] === 'gzip';
  response.setHeader('content-type', registry.contentType);
  if (gzip) response.setHeader('content-encoding', 'gzip');
  const body = gzip ? gzipSync(text, { level: 1 }) : Buffer.from(text);
  response.setHeader('content-length', body.length);
  response.end(body);
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  answerBenchmark(typeof address === 'object' ? (address?.port ?? 0) : 0, async (...change) => set(...change));
});

function set(value: number, count: number): number {
  for (let object = 0; object < count; object += 1) {
    const labels = labelsOf(object);
    for (const [index, gauge] of gauges.entries()) gauge.set(labels, timeOf(object, index, value));
  }
  return count;
}
