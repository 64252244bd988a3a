import type { AlertView } from '../../status/types.ts';
import { type Html, html, link } from '../html.ts';
import { silenceLink } from '../links.ts';
import { held, since } from '../times.ts';
import { badge, card, empty, type PageFacts, type Section, type Tone } from './section.ts';

export const alertsSection: Section = {
  id: 'alerts',
  column: 'main',
  render: ({ alerts, incidents }, page) => {
    const firing = alerts.filter(({ state }) => state === 'firing').length;
    const note = alerts.length === 0 ? 'none' : `${firing} firing, ${alerts.length - firing} pending`;
    return card(
      'Alerts',
      note,
      alerts.length === 0
        ? empty(
            html`Nothing fires and nothing is about to.${incidents === null ? null : html` <a href="#incidents">Try an incident.</a>`}`,
          )
        : html`<ul class="alerts">${alerts.map((alert) => item(alert, page))}</ul>`,
    );
  },
};

function item(alert: AlertView, { clock }: PageFacts): Html {
  const { name, severity, state, summary, detail, action, activeAt, hold, runbook, dashboard, labels } = alert;
  const quiet = alert.silencedBy.length > 0 ? 'silenced' : alert.inhibited ? 'explained by another' : null;
  return html`<li class="alert ${quiet === null ? tone(alert) : 'quiet'}">
    <div class="line">
      ${badge(quiet === null ? tone(alert) : 'quiet', state === 'firing' ? severity : 'pending')}
      <strong>${summary}</strong>${detail === '' ? null : html` <span class="detail">${detail}</span>`}
    </div>
    <div class="meta">
      <span class="when">${state === 'pending' && hold > 0 ? html`fires after ${held(activeAt, hold, clock)}` : html`${state} for ${since(activeAt, clock)}`}</span>
      ${quiet === null ? null : html`<span>${quiet}</span>`}
      <span>${name}</span>
      <span class="links">
        ${runbook === null ? null : link(runbook, 'Runbook')}
        ${dashboard === null ? null : link(dashboard, 'Dashboard')}
        ${link(silenceLink(name, labels), 'Silence')}
      </span>
    </div>
    ${action === '' ? null : html`<p class="todo">${action}</p>`}
  </li>`;
}

function tone({ state, severity }: AlertView): Tone {
  if (state === 'pending') return 'warning';
  return severity === 'critical' ? 'bad' : severity === 'info' ? 'busy' : 'warning';
}
