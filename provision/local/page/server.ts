import fastify, { type FastifyInstance } from 'fastify';
import { ProblemsError, UserError } from '../../../common/problems.ts';
import { listenAt } from '../parts/address.ts';
import type { Platform } from '../platform.ts';
import { gatherStatus } from '../status/gather.ts';
import { guardRequests } from './guard.ts';
import { html } from './html.ts';
import { document } from './layout.ts';
import { LivePages } from './live.ts';
import { actionRoutes } from './routes/actions.ts';
import { apiRoutes } from './routes/api.ts';
import { assetRoutes } from './routes/assets.ts';
import type { PageContext } from './routes/context.ts';
import { logRoutes } from './routes/logs.ts';
import { overviewRoutes } from './routes/overview.ts';
import { runbookRoutes } from './routes/runbooks.ts';
import { silenceRoutes } from './routes/silences.ts';

export interface StartPage {
  /** Ends every open page and stops listening. */
  readonly close: () => Promise<void>;
}

/** Serves the start page of a stack on its address, to this machine only. `token` is what changes must carry. */
export async function serveStartPage(platform: Platform, token: string): Promise<StartPage> {
  const gather = () => gatherStatus(platform);
  const live = new LivePages(gather, token);
  const app = fastify({ forceCloseConnections: true });
  guardRequests(app, token);
  readForms(app);
  tellErrors(app, platform.stack.name);
  const context: PageContext = { platform, gather, live, token };
  for (const routes of [overviewRoutes, apiRoutes, actionRoutes, silenceRoutes, logRoutes, runbookRoutes, assetRoutes])
    routes(app, context);
  await app.listen(listenAt(platform.stack.local?.startPage ?? ''));
  return {
    close: async () => {
      live.close();
      await app.close();
    },
  };
}

function readForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
}

/** Errors are told in the form that was asked for: a page to people, JSON below `/api`. */
function tellErrors(app: FastifyInstance, stack: string): void {
  const page = (title: string, message: string) =>
    document(
      { stack, title: `${title} | Lookout ${stack}` },
      html`<h1>${title}</h1><p>${message}</p><p><a href="/">Overview</a></p>`,
    );
  app.setErrorHandler(async (error, request, reply) => {
    const message = error instanceof Error ? error.message : String(error);
    const status = error instanceof UserError || error instanceof ProblemsError ? 400 : 502;
    reply.code(status);
    if (request.url.startsWith('/api/')) return reply.send({ message });
    return reply.type('text/html').send(page('That did not work', message));
  });
  app.setNotFoundHandler(async (request, reply) => {
    reply.code(404);
    if (request.url.startsWith('/api/')) return reply.send({ message: `there is no ${request.url}` });
    return reply.type('text/html').send(page('Not here', `There is no page ${request.url}.`));
  });
}
