import { Exposition } from '../../../exporter/exposition/exposition.ts';
import { sample } from '../../../exporter/model/sample.ts';
import { createServer } from '../../../exporter/server/server.ts';
import { answerBenchmark, shapeAsked } from './loop.ts';
import { timeOf } from './series.ts';

/** The exporter's server and text with the series of the benchmark, without anything that reads. */
const { objects, families, labelsOf } = shapeAsked();
const exposition = new Exposition(families);
await render(0, objects);

const server = createServer({
  version: '0',
  tokens: { accepts: (token) => token === 'bench', countScrape: () => {}, scrapes: [] },
  entries: [],
  ready: () => true,
  limits: { inFlight: 8, duration: 60 },
  log: { info: () => {}, warn: () => {}, error: () => {} },
  exposition,
  live: () => [],
  processText: async () => '',
});
await server.listen({ host: '127.0.0.1', port: 0 });
const address = server.server.address();
answerBenchmark(typeof address === 'object' ? (address?.port ?? 0) : 0, render);

/** Objects come in groups, as the answers of children do. */
async function render(value: number, count: number): Promise<number> {
  let changed = 0;
  for (let object = 0; object < count; object += 1) {
    const labels = labelsOf(object);
    const samples = families.map((family, index) => sample(family, labels, timeOf(object, index, value)));
    if (exposition.set(String(object).padStart(6, '0'), samples)) changed += 1;
    if (object % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
  }
  await exposition.settle();
  return changed;
}
