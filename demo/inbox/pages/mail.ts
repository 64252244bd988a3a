import type { MailContent, Message } from '../message.ts';
import { type Html, html } from './html.ts';

/** Ways to look at a mail; the first one is shown unasked. */
export const mailViews = [
  { name: 'mail', title: 'Mail' },
  { name: 'phone', title: 'Phone' },
  { name: 'text', title: 'Text' },
  { name: 'source', title: 'Source' },
  { name: 'headers', title: 'Headers' },
] as const;

export type MailView = (typeof mailViews)[number]['name'];

export function mailView({ id, title }: Message, content: MailContent, view: string): Html {
  switch (view as MailView) {
    case 'text':
      return content.text === null ? missing('There is no text part.') : html`<pre class="text">${content.text}</pre>`;
    case 'source':
      return html`<pre class="source">${content.source}</pre>`;
    case 'headers':
      return headers(content);
    case 'phone':
      return content.html === null ? missing(noHtml) : html`<div class="phone">${frame(id, title)}</div>`;
    default:
      return content.html === null ? missing(noHtml) : html`<div class="desk">${frame(id, title)}</div>`;
  }
}

const noHtml = 'There is no HTML part.';

/** Without `allow-scripts` nothing in the mail runs; links open a page of their own. */
function frame(id: string, title: string): Html {
  return html`<iframe src="/messages/${id}/html" title="Mail: ${title}" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" data-fit></iframe>`;
}

function headers({ headers: all }: MailContent): Html {
  return html`<table class="headers"><tbody>${all.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

function missing(words: string): Html {
  return html`<p class="missing">${words}</p>`;
}
