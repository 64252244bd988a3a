import type { LocalStatus } from '../status/types.ts';
import { html } from './html.ts';
import { document } from './layout.ts';
import { sections } from './sections/index.ts';
import type { Section } from './sections/section.ts';

/** One section as it is sent to an open page. */
export interface RenderedSection {
  readonly id: string;
  /** Empty: nothing to show. */
  readonly markup: string;
  /** The same for the same facts whenever it is rendered: without what only the clock changes. */
  readonly fingerprint: string;
}

export function renderSections(status: LocalStatus, token: string): readonly RenderedSection[] {
  const page = (now: number) => ({ clock: { now, timezone: status.timezone }, token });
  return sections.map(({ id, render }) => ({
    id,
    markup: render(status, page(status.now))?.markup ?? '',
    fingerprint: render(status, page(0))?.markup ?? '',
  }));
}

/** The start page, complete without its script. */
export function overviewPage(status: LocalStatus, token: string): string {
  const page = { clock: { now: status.now, timezone: status.timezone }, token };
  const place = (wanted: Section['column']) =>
    sections
      .filter(({ column }) => column === wanted)
      .map(({ id, render }) => {
        const content = render(status, page);
        return html`<section id="${id}" ${content === null ? html`hidden` : null}>${content}</section>`;
      });
  return document(
    { stack: status.stack, title: pageTitle(status), mood: status.verdict.mood, live: 'sections' },
    html`${place('top')}<div class="columns"><div class="wide">${place('main')}</div><div class="narrow">${place('side')}</div></div>`,
  );
}

/** The number of firing alerts stands first, where a narrow tab still shows it. */
export function pageTitle({ stack, alerts }: LocalStatus): string {
  const firing = alerts.filter(({ state, silencedBy }) => state === 'firing' && silencedBy.length === 0).length;
  return `${firing === 0 ? '' : `(${firing}) `}Lookout ${stack}`;
}
