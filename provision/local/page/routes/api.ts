import type { FastifyInstance } from 'fastify';
import { UserError } from '../../../../common/problems.ts';
import { createSilence, expireSilence, type NewSilence } from '../../status/silences.ts';
import type { PageContext } from './context.ts';

/**
 * The platform for programs, all JSON: `GET /api/status` (LocalStatus), `GET /api/incidents`, `POST /api/incidents/<name>`
 * (IncidentRun), `DELETE /api/incidents`, `POST /api/silences` (NewSilence), `DELETE /api/silences/<id>`. What changes
 * something needs the bearer token of `run/token`.
 */
export function apiRoutes(app: FastifyInstance, { platform, gather }: PageContext): void {
  const { incidents, clients } = platform;
  const demonstration = () => {
    if (incidents === null) throw new UserError('this stack runs no demonstration, so it has no incidents');
    return incidents;
  };
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/api/status', gather);
  app.get('/api/incidents', async () => ({ list: demonstration().list, current: await demonstration().current() }));
  app.post<{ Params: { name: string } }>('/api/incidents/:name', ({ params }) => demonstration().start(params.name));
  app.delete('/api/incidents', async () => ({ current: await demonstration().clear() }));
  app.post<{ Body: NewSilence }>('/api/silences', async ({ body }) => ({
    id: await createSilence(clients.alertmanager, body),
  }));
  app.delete<{ Params: { id: string } }>('/api/silences/:id', async ({ params }) => {
    await expireSilence(clients.alertmanager, params.id);
    return {};
  });
}
