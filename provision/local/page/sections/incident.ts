import type { ChainLink, Incident, IncidentRun } from '../../types.ts';
import { type Html, html, link } from '../html.ts';
import { absolute, clockTime, since, until } from '../times.ts';
import { action, badge, card, type PageFacts, type Section, type Tone } from './section.ts';

/** Milliseconds for which an incident that is over is still shown. */
const kept = 600_000;

/** The running incident, or the last one for a while: the way of its alert with the true times. */
export const incidentSection: Section = {
  id: 'incident',
  column: 'main',
  render: ({ incidents, now }, page) => {
    const current = incidents?.current ?? null;
    if (incidents === null || current === null) return null;
    const last = Math.max(current.startedAt, ...current.chain.map(({ at }) => at ?? 0));
    if (current.phase === 'over' && now - last > kept) return null;
    return run(current, incidents.list, page);
  },
};

/** Every incident that can be started. */
export const incidentsSection: Section = {
  id: 'incidents',
  column: 'main',
  render: ({ incidents }, page) => {
    if (incidents === null) return null;
    const { list, current } = incidents;
    const busy = current !== null && current.phase !== 'over';
    return card(
      'Try an incident',
      busy ? 'one at a time' : 'break the demonstration and watch the alert travel',
      html`<ul class="incidents">${list.map((incident) => offer(incident, busy, page))}</ul>`,
    );
  },
};

function offer(incident: Incident, busy: boolean, page: PageFacts): Html {
  const { name, title, what, messages, seconds, undo } = incident;
  return html`<li>
    <div class="line"><strong>${title}</strong>
      ${busy ? html`<form><button disabled>Start</button></form>` : action(`/incidents/${name}`, 'Start', page)}</div>
    <p>${what}</p>
    <details id="incident-${name}"><summary>Messages after about ${seconds} s</summary><p>${messages} ${undo}</p>
      <p><code>npx lookout incident ${name}</code></p></details>
  </li>`;
}

function run(current: IncidentRun, list: readonly Incident[], page: PageFacts): Html {
  const { incident, phase, startedAt, chain } = current;
  const title = list.find(({ name }) => name === incident)?.title ?? incident;
  return html`<div class="line">
      ${badge(phase === 'over' ? 'quiet' : phase === 'clearing' ? 'busy' : 'warning', phase)}
      <strong>${title}</strong>
      <span class="detail">started ${clockTime(startedAt, page.clock)}</span>
      ${phase === 'running' ? action('/incidents/clear', 'Clear', page, 'primary') : null}
    </div>
    <ol class="chain">${chain.map((one, index) => step(one, slowest(chain) === index, startedAt, page))}</ol>`;
}

const tones: Readonly<Record<ChainLink['state'], Tone>> = {
  waiting: 'quiet',
  active: 'busy',
  done: 'good',
  stuck: 'bad',
};

function step(one: ChainLink, slow: boolean, startedAt: number, page: PageFacts): Html {
  const { title, state, at, detail, url } = one;
  return html`<li class="${tones[state]}">
    <span class="name">${url === null ? title : link(url, title)}${slow ? html` <em>slowest</em>` : null}</span>
    <span class="time">${stepTime(one, at, startedAt, page)}</span>
    ${detail === null ? null : html`<span class="detail">${detail}</span>`}
  </li>`;
}

function stepTime({ state, expectedAt }: ChainLink, at: number | null, startedAt: number, { clock }: PageFacts): Html {
  if (at !== null) {
    const after = Math.max(0, (at - startedAt) / 1000);
    return html`<time datetime="${new Date(at).toISOString()}" title="${absolute(at, clock)}">+${after.toFixed(1)} s</time>`;
  }
  if (state === 'stuck') return html`stuck for ${since(expectedAt, clock)}`;
  return html`expected ${until(expectedAt, clock)}`;
}

/** Index of the link that took longest after the one before it; -1 before there are two. */
function slowest(chain: readonly ChainLink[]): number {
  let [found, longest] = [-1, 0];
  for (const [index, { at }] of chain.entries()) {
    const before = chain[index - 1]?.at ?? null;
    if (at === null || before === null || at - before <= longest) continue;
    [found, longest] = [index, at - before];
  }
  return found;
}
