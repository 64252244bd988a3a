import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exposition } from '../exposition/exposition.ts';
import { acceptsGzip, negotiateFormat } from '../exposition/negotiate.ts';
import { contentTypes } from '../exposition/text.ts';
import type { Sample } from '../model/sample.ts';
import type { ProcessText } from '../telemetry/process.ts';
import { sendBody } from './send.ts';

export interface ScrapeSource {
  readonly exposition: Exposition;
  /** Samples of this moment. */
  readonly live: () => Iterable<Sample>;
  readonly processText: ProcessText;
}

export interface ScrapeLimits {
  /** Answers under way at once; one more is refused. */
  readonly inFlight: number;
  /** Seconds that one answer may take. */
  readonly duration: number;
}

/** Answers scrapes from memory, in the format and encoding that the scraper asks for. */
export function scrapeHandler(source: ScrapeSource, limits: ScrapeLimits) {
  let inFlight = 0;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (inFlight >= limits.inFlight) {
      await reply
        .code(503)
        .header('retry-after', '1')
        .send({ error: `${inFlight} scrapes are under way already` });
      return;
    }
    inFlight += 1;
    try {
      await answer(source, limits, request, reply);
    } finally {
      inFlight -= 1;
    }
  };
}

async function answer(source: ScrapeSource, { duration }: ScrapeLimits, request: FastifyRequest, reply: FastifyReply) {
  const format = negotiateFormat(request.headers.accept);
  const encoding = acceptsGzip(request.headers['accept-encoding']) ? 'gzip' : 'identity';
  const [tail] = await Promise.all([source.processText(format), source.exposition.settle()]);
  const body = source.exposition.body(format, encoding, source.live(), tail);
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': contentTypes[format],
    'content-length': body.length,
    vary: 'accept, accept-encoding',
    ...(encoding === 'gzip' ? { 'content-encoding': encoding } : {}),
  });
  await sendBody(reply.raw, body, duration);
}
