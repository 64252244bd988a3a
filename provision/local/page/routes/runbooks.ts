import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { html, link } from '../html.ts';
import { document } from '../layout.ts';
import { renderMarkdown } from '../markdown.ts';
import type { PageContext } from './context.ts';

/** `/runbooks` lists every alert, `/runbooks/<alert>` tells what one means and what to do: messages link to it. */
export function runbookRoutes(app: FastifyInstance, { platform }: PageContext): void {
  const { stack, paths } = platform;
  const directory = paths.config('runbooks');
  app.get('/runbooks', async (_request, reply) => {
    const items = readdirSync(directory).map((file) => basename(file, '.md'));
    const page = document(
      { stack: stack.name, title: `Runbooks | Lookout ${stack.name}` },
      html`<h1>Runbooks</h1><dl class="runbooks">${items.map((alert) => entry(alert, join(directory, `${alert}.md`)))}</dl>`,
    );
    return reply.type('text/html').send(page);
  });
  app.get<{ Params: { alert: string } }>('/runbooks/:alert', async ({ params: { alert } }, reply) => {
    const path = join(directory, `${alert}.md`);
    if (!/^\w+$/.test(alert) || !existsSync(path)) return reply.callNotFound();
    const silence = `/silences/new?${new URLSearchParams({ alertname: alert })}`;
    const page = document(
      { stack: stack.name, title: `${alert} | Lookout ${stack.name}` },
      html`<article class="runbook">${renderMarkdown(readFileSync(path, 'utf8'))}
        <p class="buttons">${link(silence, `Silence ${alert}`)} ${link('/runbooks', 'All runbooks')}</p></article>`,
    );
    return reply.type('text/html').send(page);
  });
}

/** A runbook's first paragraph says what the alert means. */
function entry(alert: string, path: string) {
  const paragraphs = readFileSync(path, 'utf8').split('\n\n');
  const means = paragraphs.find((paragraph) => !/^[#>]/.test(paragraph)) ?? '';
  return html`<dt>${link(`/runbooks/${alert}`, alert)}</dt><dd>${means}</dd>`;
}
