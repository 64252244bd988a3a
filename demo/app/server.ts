import { trace } from '@opentelemetry/api';
import fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, LogController } from 'fastify';
import type { Database } from './database.ts';
import type { ShopFaults } from './faults.ts';
import { measureRequests, traceRequests } from './instrument.ts';
import type { ShopMetrics } from './metrics.ts';
import { cartRoutes } from './routes/carts.ts';
import { frontRoute } from './routes/front.ts';
import { pictureRoutes } from './routes/pictures.ts';
import { productRoutes } from './routes/products.ts';
import { prometheusRoute } from './routes/prometheus.ts';
import { failSpan } from './traces.ts';

export interface ServerParts {
  readonly database: Database;
  readonly metrics: ShopMetrics;
  readonly uploads: string;
  readonly tokens: () => readonly string[];
  readonly faults: () => ShopFaults;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** The shop as routes; who listens hands requests to `routing`. `/prometheus` is neither measured nor made to fail. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
  });
  await server.register(async (scope) => prometheusRoute(scope, parts.metrics.registry, parts.tokens));
  await server.register(async (shop) => shopRoutes(shop, parts));
  await server.ready();
  return server;
}

function shopRoutes(shop: FastifyInstance, parts: ServerParts): void {
  measureRequests(shop, parts.metrics);
  traceRequests(shop);
  failSome(shop, parts);
  shop.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) reportFailure(error, `${request.method} ${request.url}`, shop.log);
    return reply.code(status).send({ error: error.message });
  });
  shop.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there is no such page' }));
  frontRoute(shop, parts.database);
  productRoutes(shop, parts.database);
  cartRoutes(shop, parts.database, parts.now);
  pictureRoutes(shop, parts.database, parts.uploads);
}

function failSome(shop: FastifyInstance, { faults, random }: ServerParts): void {
  shop.addHook('preHandler', async () => {
    if (random() < faults().errorShare) throw new Error('the order service does not answer');
  });
}

function reportFailure(error: Error, request: string, log: FastifyBaseLogger): void {
  const span = trace.getActiveSpan();
  if (span !== undefined) failSpan(span, error);
  log.error({ request, trace_id: span?.spanContext().traceId, error: error.message }, 'request failed');
}
