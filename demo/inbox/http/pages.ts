import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { clock } from '../pages/clock.ts';
import { messageDetail } from '../pages/detail.ts';
import { emptyMessages, emptyTraces, gone } from '../pages/empty.ts';
import type { Html } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { messageList } from '../pages/list.ts';
import { traceDetail, traceList } from '../pages/traces.ts';
import { mailPolicy } from './guards.ts';
import type { ServerParts } from './server.ts';

const assets = {
  'inbox.css': 'text/css',
  'message.css': 'text/css',
  'trace.css': 'text/css',
  'narrow.css': 'text/css',
  'inbox.js': 'text/javascript',
  'inbox.svg': 'image/svg+xml',
} as const;

/** The inbox for people. */
export function pageRoutes(scope: FastifyInstance, parts: ServerParts): void {
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(new URL(`../assets/${name}`, import.meta.url));
    scope.get(`/assets/${name}`, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content),
    );
  }
  messagePages(scope, parts);
  tracePages(scope, parts);
}

function messagePages(scope: FastifyInstance, { config, messages, now }: ServerParts): void {
  const page = (detail: Html, selected: string | null, title: string) =>
    layout({
      title: `${title}Inbox`,
      section: 'messages',
      focus: selected === null ? 'list' : 'detail',
      startPage: config.startPage,
      list: messageList(messages.list(), selected, clock(config.timezone, now())),
      detail,
    });

  scope.get('/', async (_request, reply) => {
    reply.type('text/html');
    return page(emptyMessages(messages.list().length), null, '');
  });

  scope.get<{ Params: { id: string }; Querystring: { view?: string } }>(
    '/messages/:id',
    async ({ params, query }, reply) => {
      reply.type('text/html');
      const message = messages.get(params.id);
      if (message === undefined) return reply.code(404).send(page(gone('message'), params.id, ''));
      return page(messageDetail(message, query.view, clock(config.timezone, now())), params.id, `${message.title} - `);
    },
  );

  scope.get<{ Params: { id: string } }>('/messages/:id/html', async ({ params }, reply) => {
    const content = messages.get(params.id)?.content;
    if (content?.kind !== 'mail' || content.html === null) return reply.code(404).send('there is no such mail');
    return reply.type('text/html').header('content-security-policy', mailPolicy).send(withOwnPages(content.html));
  });
}

/** Links of the mail open a page of their own; in the frame they could not. */
function withOwnPages(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${base}`) : `${base}${html}`;
}

function tracePages(scope: FastifyInstance, { config, traces, now }: ServerParts): void {
  const page = (detail: Html, selected: string | null) =>
    layout({
      title: 'Traces - Inbox',
      section: 'traces',
      focus: selected === null ? 'list' : 'detail',
      startPage: config.startPage,
      list: traceList(traces.list(), selected, clock(config.timezone, now())),
      detail,
    });

  scope.get('/traces', async (_request, reply) => {
    reply.type('text/html');
    return page(emptyTraces(traces.list().length), null);
  });

  scope.get<{ Params: { id: string } }>('/traces/:id', async ({ params }, reply) => {
    reply.type('text/html');
    const spans = traces.get(params.id);
    if (spans === undefined) return reply.code(404).send(page(gone('trace'), params.id));
    return page(traceDetail(spans, clock(config.timezone, now())), params.id);
  });
}
