import type { FastifyInstance } from 'fastify';
import { UserError } from '../../../../common/problems.ts';
import type { PageContext } from './context.ts';

/** The buttons of the start page; each leads back to it. */
export function actionRoutes(app: FastifyInstance, { platform }: PageContext): void {
  const { incidents, supervisor } = platform;
  app.post<{ Params: { name: string } }>('/incidents/:name', async ({ params }, reply) => {
    if (params.name === 'clear') await incidents?.clear();
    else await incidents?.start(params.name);
    return reply.redirect('/#incident', 303);
  });
  app.post<{ Params: { name: string } }>('/parts/:name/restart', async ({ params }, reply) => {
    if (!(await supervisor.restart(params.name))) throw new UserError(`there is no part ${params.name}`);
    return reply.redirect('/#parts', 303);
  });
}
