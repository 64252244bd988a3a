import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { InboxConfig } from '../config.ts';
import type { MessageStore } from '../store.ts';
import type { TraceStore } from '../traces/store.ts';
import { apiRoutes } from './api.ts';
import { eventRoutes } from './events.ts';
import { guardHost, guardPages } from './guards.ts';
import { pageRoutes } from './pages.ts';
import { receiverRoutes } from './receivers.ts';

export interface ServerParts {
  readonly config: InboxConfig;
  readonly messages: MessageStore;
  readonly traces: TraceStore;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Everything the inbox answers over HTTP; the caller listens. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 4 * 1_048_576,
    forceCloseConnections: true,
  });
  guardHost(server, parts.config.names);
  server.get('/healthz', async () => 'ok\n');
  await server.register(async (scope) => receiverRoutes(scope, parts));
  await server.register(async (scope) => apiRoutes(scope, parts));
  await server.register(async (scope) => eventRoutes(scope, parts));
  await server.register(async (scope) => {
    guardPages(scope);
    pageRoutes(scope, parts);
  });
  return server;
}
