import type { FastifyInstance } from 'fastify';
import { atLeast, type PartLine, readLogs } from '../../logs.ts';
import { type Html, html, link } from '../html.ts';
import { document } from '../layout.ts';
import { clockTime } from '../times.ts';
import type { PageContext } from './context.ts';

const shown = 400;

interface Filter {
  readonly warnings: boolean;
  /** The run before this one. */
  readonly earlier: boolean;
}

/** `/logs` shows the logs of all parts as one, `/logs/<part>` those of one; `?level=warn` and `?run=last` narrow them. */
export function logRoutes(app: FastifyInstance, { platform }: PageContext): void {
  const { stack, paths, supervisor, now } = platform;
  app.get<{ Params: { part?: string }; Querystring: { level?: string; run?: string } }>(
    '/logs/:part?',
    async ({ params: { part }, query }, reply) => {
      const names = supervisor.states().map(({ name }) => name);
      if (part !== undefined && !names.includes(part)) return reply.callNotFound();
      const filter = { warnings: query.level === 'warn', earlier: query.run === 'last' };
      const lines = readLogs(paths, part === undefined ? names : [part], shown, filter.earlier);
      const kept = filter.warnings ? lines.filter(atLeast('warn')) : lines;
      const clock = { now: now(), timezone: stack.timezone };
      const page = document(
        { stack: stack.name, title: `${part ?? 'Logs'} | Lookout ${stack.name}`, live: 'refresh' },
        html`<h1>${part === undefined ? 'Logs' : `Log of ${part}`}</h1>${choices(names, part, filter)}
          ${kept.length === 0 ? html`<p class="empty">Nothing here.</p>` : html`<ol class="log">${kept.map((line) => row(line, part === undefined, (at) => clockTime(at, clock)))}</ol>`}`,
      );
      return reply.type('text/html').send(page);
    },
  );
}

function row({ time, level, part, text }: PartLine, named: boolean, tell: (at: number) => string): Html {
  return html`<li class="${level}"><span class="time">${time === null ? null : tell(time)}</span>
    ${named ? html`<span class="part">${part}</span>` : null}<span class="text">${text}</span></li>`;
}

function choices(names: readonly string[], part: string | undefined, filter: Filter): Html {
  const path = part === undefined ? '/logs' : `/logs/${part}`;
  const level = filter.warnings ? { level: 'warn' } : {};
  const run = filter.earlier ? { run: 'last' } : {};
  const to = (where: string, query: Record<string, string>) => {
    const text = new URLSearchParams(query).toString();
    return text === '' ? where : `${where}?${text}`;
  };
  const choice = (href: string, text: string, chosen: boolean) =>
    chosen ? html`<strong>${text}</strong>` : link(href, text);
  return html`<nav class="choices" aria-label="Which lines">
    <span>${choice(to('/logs', { ...level, ...run }), 'all', part === undefined)} ${names.map((name) => html`${choice(to(`/logs/${name}`, { ...level, ...run }), name, part === name)} `)}</span>
    <span>${choice(to(path, run), 'every line', !filter.warnings)} ${choice(to(path, { level: 'warn', ...run }), 'warnings and errors', filter.warnings)}</span>
    <span>${choice(to(path, level), 'this run', !filter.earlier)} ${choice(to(path, { ...level, run: 'last' }), 'before', filter.earlier)}</span>
  </nav>`;
}
