import type { FastifyInstance } from 'fastify';
import { alerts, runbook } from '../../../../rules/index.ts';
import { html, link } from '../html.ts';
import { document } from '../layout.ts';
import { renderMarkdown } from '../markdown.ts';
import type { PageContext } from './context.ts';

/** `/runbooks` lists every alert, `/runbooks/<alert>` tells what one means and what to do: messages link to it. */
export function runbookRoutes(app: FastifyInstance, { platform }: PageContext): void {
  const { stack } = platform;
  app.get('/runbooks', async (_request, reply) => {
    const items = alerts.map(
      ({ name, runbook: { means } }) => html`<dt>${link(`/runbooks/${name}`, name)}</dt><dd>${means}</dd>`,
    );
    const page = document(
      { stack: stack.name, title: `Runbooks | Lookout ${stack.name}` },
      html`<h1>Runbooks</h1><dl class="runbooks">${items}</dl>`,
    );
    return reply.type('text/html').send(page);
  });
  app.get<{ Params: { alert: string } }>('/runbooks/:alert', async ({ params: { alert } }, reply) => {
    const text = runbook(stack, alert);
    if (text === undefined) return reply.callNotFound();
    const page = document(
      { stack: stack.name, title: `${alert} | Lookout ${stack.name}` },
      html`<article class="runbook">${renderMarkdown(text)}
        <p class="buttons">${link(`/silences/new?${new URLSearchParams({ alertname: alert })}`, `Silence ${alert}`)} ${link('/runbooks', 'All runbooks')}</p></article>`,
    );
    return reply.type('text/html').send(page);
  });
}
