import type { FastifyInstance } from 'fastify';
import type { ServerParts } from './server.ts';

/**
 * The inbox for programs, all JSON: `GET /api/messages` gives summaries (MessageSummary), the newest first, with
 * `?since=<milliseconds>` only those received at or after it; `GET /api/messages/<id>` gives one with its content (Message);
 * `DELETE /api/messages` empties the inbox; `GET /api/traces` gives summaries, `GET /api/traces/<id>` the spans.
 */
export function apiRoutes(scope: FastifyInstance, { messages, traces }: ServerParts): void {
  scope.get<{ Querystring: { since?: string } }>('/api/messages', async ({ query }) => {
    const since = Number(query.since ?? 0);
    return messages.list().filter(({ receivedAt }) => receivedAt >= since);
  });

  scope.get<{ Params: { id: string } }>('/api/messages/:id', async ({ params }, reply) => {
    return messages.get(params.id) ?? reply.code(404).send({ message: `there is no message ${params.id}` });
  });

  scope.delete('/api/messages', async (_request, reply) => {
    messages.clear();
    return reply.code(204).send();
  });

  scope.get('/api/traces', async () => traces.list());

  scope.get<{ Params: { id: string } }>('/api/traces/:id', async ({ params }, reply) => {
    return traces.get(params.id) ?? reply.code(404).send({ message: `there is no trace ${params.id}` });
  });
}
