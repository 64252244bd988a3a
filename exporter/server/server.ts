import bearerAuth from '@fastify/bearer-auth';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { TlsFiles } from '../config.ts';
import type { Entry } from '../runner/entry.ts';
import type { Log } from '../telemetry/log.ts';
import { explain } from './explain.ts';
import { indexPage } from './page.ts';
import { type ScrapeLimits, type ScrapeSource, scrapeHandler } from './scrape.ts';
import { tlsServer } from './tls.ts';
import type { TokenFile } from './tokens.ts';

export interface ServerOptions extends ScrapeSource {
  readonly version: string;
  readonly tokens: Pick<TokenFile, 'accepts' | 'countScrape' | 'scrapes'>;
  readonly entries: readonly Entry[];
  readonly ready: () => boolean;
  readonly limits: ScrapeLimits;
  /** Absent: answers without TLS. */
  readonly tls?: TlsFiles;
  readonly log: Log;
}

const scrapePath = '/prometheus';

/** No route has a schema. Said like this, the packages that compile schemas are neither loaded nor bundled. */
const noSchemas = { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } };

function refuseSchema(): never {
  throw new Error('a route of the exporter has a schema: none can be compiled here');
}

/** The exporter's HTTP server, not yet listening. */
export function createServer(options: ServerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    schemaController: noSchemas,
    ...serverOf(options),
  });
  app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(indexPage(options.version)));
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_, reply) => {
    if (options.ready()) return { status: 'ready' };
    return reply.code(503).send({ status: 'starting', message: 'not every source has been tried yet' });
  });
  app.register(async (protectedRoutes) => addProtected(protectedRoutes, options));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    options.log.error({ error, path: request.url }, 'could not answer a request');
    return reply.code(500).send({ error: 'internal error, see the log of the exporter' });
  });
  return app;
}

function serverOf({ tls, log }: ServerOptions) {
  return tls === undefined ? {} : { serverFactory: tlsServer(tls, log) };
}

async function addProtected(app: FastifyInstance, options: ServerOptions): Promise<void> {
  app.addHook('onSend', async (_, reply) => {
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer realm="lookout"');
  });
  await app.register(bearerAuth, {
    auth: (token, request) => {
      const accepted = options.tokens.accepts(token);
      if (accepted && request.routeOptions.url === scrapePath) options.tokens.countScrape(token);
      return accepted;
    },
    keys: [],
    specCompliance: 'rfc6749',
  });
  app.get(scrapePath, scrapeHandler(options, options.limits));
  app.get('/explain', () => ({
    sources: options.entries.map(explain),
    scrapesByToken: options.tokens.scrapes,
  }));
}
