import type { FastifyInstance } from 'fastify';
import type { ServerParts } from './server.ts';

/** Keeps a quiet connection from being taken for a dead one; milliseconds. */
const heartbeat = 25_000;

/**
 * `GET /api/events`, server-sent events: `message` with a summary for each arrival, `cleared`, and `trace` when spans came in.
 * Format: WHATWG HTML, "Server-sent events".
 */
export function eventRoutes(scope: FastifyInstance, { messages, traces }: ServerParts): void {
  scope.get('/api/events', (_request, reply) => {
    const stream = reply.hijack().raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    stream.write(': open\n\n');
    const send = (event: string, data: unknown) => stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    const added = (summary: unknown) => send('message', summary);
    const cleared = () => send('cleared', {});
    const traced = () => send('trace', {});
    messages.events.on('added', added).on('cleared', cleared);
    traces.events.on('added', traced);
    const timer = setInterval(() => stream.write(': still here\n\n'), heartbeat);
    stream.on('close', () => {
      clearInterval(timer);
      messages.events.off('added', added).off('cleared', cleared);
      traces.events.off('added', traced);
    });
  });
}
