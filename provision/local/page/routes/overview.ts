import type { FastifyInstance } from 'fastify';
import { overviewPage } from '../overview.ts';
import type { PageContext } from './context.ts';

/** The start page and the events that keep it current. */
export function overviewRoutes(app: FastifyInstance, { gather, live, token }: PageContext): void {
  app.get('/', async (_request, reply) => reply.type('text/html').send(overviewPage(await gather(), token)));
  app.get('/events', (_request, reply) => {
    const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    reply.hijack();
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    live.add(reply.raw);
  });
}
