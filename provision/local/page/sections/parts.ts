import { humanBytes } from '../../../../common/quantities.ts';
import type { PartPhase, PartState } from '../../types.ts';
import { type Html, html, link } from '../html.ts';
import { ago, since } from '../times.ts';
import { action, card, type PageFacts, type Section, type Tone } from './section.ts';

export const partsSection: Section = {
  id: 'parts',
  column: 'side',
  render: ({ parts, supervisor }, page) => {
    const memory = parts.reduce((sum, { residentBytes }) => sum + (residentBytes ?? 0), supervisor.residentBytes);
    return card(
      'Parts',
      humanBytes(roughly(memory)),
      html`<ul class="parts">${parts.map((part) => item(part, page))}<li>
        <div class="line"><span class="dot good"></span><strong>Lookout itself</strong></div>
        <div class="meta">pid ${supervisor.pid} · ${humanBytes(roughly(supervisor.residentBytes))}</div></li></ul>`,
    );
  },
};

const tones: Readonly<Record<PartPhase, Tone>> = {
  waiting: 'quiet',
  starting: 'busy',
  healthy: 'good',
  degraded: 'bad',
  restarting: 'bad',
  stopping: 'busy',
  stopped: 'quiet',
};

function item(part: PartState, page: PageFacts): Html {
  const { name, title, phase, state, pid, since: started, residentBytes, restarts, lastExit, reason } = part;
  const facts = [
    pid === null ? null : html`pid ${pid}`,
    residentBytes === null ? null : html`${humanBytes(roughly(residentBytes))}`,
    pid === null || started === null ? null : html`for ${since(started, page.clock)}`,
  ].filter((fact) => fact !== null);
  return html`<li>
    <div class="line"><span class="dot ${restarts > 0 && phase === 'healthy' ? 'warning' : tones[phase]}"></span><strong>${title}</strong>
      <span class="state">${state}</span></div>
    ${reason === null || state.includes(reason) ? null : html`<p class="reason">${reason}</p>`}
    ${phase === 'healthy' && lastExit !== null ? html`<p class="reason">restarted ${ago(lastExit.at, page.clock)}, ${restarts === 1 ? 'once' : `${restarts} times`}: ${lastExit.reason}</p>` : null}
    <div class="meta"><span>${facts.map((fact, index) => html`${index === 0 ? null : ' · '}${fact}`)}</span>
      <span class="links">${link(`/logs/${name}`, 'Log')}${action(`/parts/${name}/restart`, 'Restart', page, 'plain')}</span></div>
  </li>`;
}

/** Whole steps of 4 MiB, so that the page does not flicker with every byte. */
function roughly(bytes: number): number {
  const step = 4 * 1024 ** 2;
  return Math.max(1, Math.round(bytes / step)) * step;
}
