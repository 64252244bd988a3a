import type { LocalStatus, Mood } from '../../status/types.ts';
import { type Html, html } from '../html.ts';
import { ago } from '../times.ts';
import type { PageFacts, Section } from './section.ts';

const words: Readonly<Record<Mood, string>> = {
  good: 'In order',
  busy: 'Working',
  warning: 'Look at this',
  bad: 'Not well',
};

export const verdictSection: Section = {
  id: 'verdict',
  column: 'top',
  render: (status, page) => html`<div class="verdict ${status.verdict.mood}" role="status">
      <p class="sentence"><span class="sr">${words[status.verdict.mood]}: </span>${status.verdict.sentence}</p>
      ${path(status, page)}
    </div>
    ${status.notes.map((note) => html`<p class="remark">${note}</p>`)}`,
};

/** The alert that always fires is no alert here: its arrival is the proof, its absence the banner. */
function path({ alertPath }: LocalStatus, { clock }: PageFacts): Html {
  if (alertPath.state === 'proven') return html`<p class="path">Alert path proven ${ago(alertPath.at, clock)}</p>`;
  if (alertPath.state === 'unknown') return html`<p class="path">Alert path not proven yet</p>`;
  return html`<p class="banner" role="alert"><strong>Alerts do not get through.</strong> ${alertPath.reason}.
    Whatever happens now, nobody is told.</p>`;
}
