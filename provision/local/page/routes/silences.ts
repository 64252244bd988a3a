import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../../../common/durations.ts';
import { UserError } from '../../../../common/problems.ts';
import { createSilence, expireSilence, formatMatcher, parseMatcher } from '../../status/silences.ts';
import { type Html, html } from '../html.ts';
import { document } from '../layout.ts';
import type { PageContext } from './context.ts';

const durations = [
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['1d', '1 day'],
  ['1w', '1 week'],
] as const;

/**
 * `GET /silences/new?<label>=<value>&...` is the form that messages link to, filled with one matcher for each parameter.
 */
export function silenceRoutes(app: FastifyInstance, { platform, token }: PageContext): void {
  const { stack, clients, now, user } = platform;
  app.get<{ Querystring: Record<string, string | string[]> }>('/silences/new', async ({ query }, reply) => {
    const matchers = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value) => formatMatcher({ name, value, isRegex: false, isEqual: true })),
    );
    const page = document({ stack: stack.name, title: `Silence | Lookout ${stack.name}` }, form(matchers, user, token));
    return reply.type('text/html').send(page);
  });
  app.post<{ Body: URLSearchParams }>('/silences', async ({ body }, reply) => {
    await createSilence(clients.alertmanager, readForm(body, now()));
    return reply.redirect('/#silences', 303);
  });
  app.post<{ Params: { id: string } }>('/silences/:id/expire', async ({ params }, reply) => {
    await expireSilence(clients.alertmanager, params.id);
    return reply.redirect('/#silences', 303);
  });
}

function form(matchers: readonly string[], user: string, token: string): Html {
  return html`<h1>Silence</h1>
  <p>While it lasts, alerts that match all lines are not told to anyone. They still fire and are still shown.</p>
  <form method="post" action="/silences" class="form">
    <input type="hidden" name="token" value="${token}">
    <label>Matchers, one a line
      <textarea name="matchers" rows="${Math.max(3, matchers.length)}" required spellcheck="false"
        placeholder='alertname="BackupMissed"'>${matchers.join('\n')}</textarea></label>
    <label>Why <input name="why" required maxlength="300" autocomplete="off" placeholder="moving the disk until Friday"></label>
    <label>Who <input name="who" required maxlength="100" value="${user}" autocomplete="name"></label>
    <fieldset><legend>For</legend>${durations.map(
      ([value, text]) =>
        html`<label class="choice"><input type="radio" name="for" value="${value}" ${value === '4h' ? html`checked` : null}> ${text}</label>`,
    )}</fieldset>
    <p class="buttons"><button class="primary">Silence</button> <a href="/">Cancel</a></p>
  </form>`;
}

function readForm(body: URLSearchParams, now: number) {
  const seconds = parseDuration(body.get('for') ?? '');
  const lines = (body.get('matchers') ?? '').split('\n').filter((line) => line.trim() !== '');
  const [who, why] = [body.get('who')?.trim() ?? '', body.get('why')?.trim() ?? ''];
  if (seconds === undefined || lines.length === 0 || who === '' || why === '')
    throw new UserError('a silence needs at least one matcher, a reason, a person and a length');
  return { matchers: lines.map(parseMatcher), who, why, from: now, until: now + seconds * 1000 };
}
