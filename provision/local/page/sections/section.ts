import type { LocalStatus } from '../../status/types.ts';
import { type Content, type Html, html } from '../html.ts';
import type { Clock } from '../times.ts';

/** One piece of the start page, replaced as a whole when it changes. */
export interface Section {
  readonly id: string;
  /** Where it stands: above both columns, in the wide one, in the narrow one. */
  readonly column: 'top' | 'main' | 'side';
  /** Empty markup: the section is not shown. */
  readonly render: (status: LocalStatus, page: PageFacts) => Html | null;
}

export interface PageFacts {
  readonly clock: Clock;
  /** Goes into every form. */
  readonly token: string;
}

export function card(title: string, note: Content, ...body: readonly Content[]): Html {
  return html`<header class="card-head"><h2>${title}</h2><span class="note">${note}</span></header>${body}`;
}

export function empty(text: Content): Html {
  return html`<p class="empty">${text}</p>`;
}

/** A state as word and colour; the colour alone never carries it. */
export function badge(tone: Tone, text: Content): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'quiet';

/** A button that posts. */
export function action(path: string, label: string, { token }: PageFacts, style = ''): Html {
  return html`<form method="post" action="${path}"><input type="hidden" name="token" value="${token}">
    <button class="${style}">${label}</button></form>`;
}
