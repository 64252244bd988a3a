import type { Message, SlackAttachment, SlackContent } from '../message.ts';
import { type Piece, parseMarkup } from '../slack/markup.ts';
import type { Clock } from './clock.ts';
import { type Html, html, nothing } from './html.ts';

/** Ways to look at a Slack message; the first one is shown unasked. */
export const slackViews = [
  { name: 'slack', title: 'Slack' },
  { name: 'source', title: 'Source' },
] as const;

export function slackView(message: Message, { payload, source }: SlackContent, view: string, clock: Clock): Html {
  if (view === 'source') return html`<pre class="source">${JSON.stringify(JSON.parse(source), null, 2)}</pre>`;
  const { text = '', attachments = [] } = payload;
  return html`<div class="phone"><div class="chat">
<div class="channel">${message.recipient || '#channel'}</div>
<div class="post"><span class="avatar" aria-hidden="true">${message.sender.slice(0, 1)}</span>
<div class="content"><div class="by"><b>${message.sender}</b><span class="app">APP</span>${clock.short(message.receivedAt)}</div>
${text === '' ? null : html`<p class="words">${markup(text)}</p>`}
${attachments.map(attachment)}
</div></div>
</div></div>`;
}

function attachment(part: SlackAttachment): Html {
  const { color = '', pretext = '', title = '', title_link: link = '', text = '', footer = '' } = part;
  return html`${pretext === '' ? null : html`<p class="words">${markup(pretext)}</p>`}
<div class="attachment">${stripe(color)}<div>
${title === '' ? null : html`<p class="title">${linked(link, markup(title))}</p>`}
${text === '' ? null : html`<p class="words">${markup(text)}</p>`}
${(part.fields ?? []).map((field) => html`<p class="field"><b>${field.title}</b> ${markup(field.value ?? '')}</p>`)}
${footer === '' ? null : html`<p class="footer">${markup(footer)}</p>`}
</div></div>`;
}

/** Slack's names for colours, or `#rrggbb`. */
const named: Readonly<Record<string, string>> = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };

function stripe(color: string): Html {
  const fill = named[color] ?? (/^#[0-9a-f]{3,6}$/i.test(color) ? color : '#dddddd');
  return html`<svg class="stripe" width="4" aria-hidden="true"><rect width="4" height="100%" rx="2" fill="${fill}"></rect></svg>`;
}

function markup(text: string): Html {
  return html`${parseMarkup(text).map(piece)}`;
}

function piece(part: Piece): Html {
  switch (part.kind) {
    case 'bold':
      return html`<b>${part.text}</b>`;
    case 'italic':
      return html`<i>${part.text}</i>`;
    case 'strike':
      return html`<s>${part.text}</s>`;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'call':
      return html`<mark>${part.text}</mark>`;
    case 'link':
      return linked(part.url, html`${part.text}`);
    default:
      return part.text === '' ? nothing : html`${part.text}`;
  }
}

/** Only an address of the web becomes a link. */
function linked(url: string, words: Html): Html {
  return /^(https?|mailto):/i.test(url) ? html`<a href="${url}" target="_blank" rel="noreferrer">${words}</a>` : words;
}
