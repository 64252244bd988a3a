import type { Message } from '../message.ts';
import type { Clock } from './clock.ts';
import { type Html, html } from './html.ts';
import { tone } from './list.ts';
import { mailView, mailViews } from './mail.ts';
import { slackView, slackViews } from './slack.ts';

/** One message: the lock-screen line, what is wrong with it, and one of its views. */
export function messageDetail(message: Message, view: string | undefined, clock: Clock): Html {
  const views = message.content.kind === 'mail' ? mailViews : slackViews;
  const shown = views.find(({ name }) => name === view) ?? views[0];
  const body =
    message.content.kind === 'mail'
      ? mailView(message, message.content, shown.name)
      : slackView(message, message.content, shown.name, clock);
  return html`<a class="back" href="/">All messages</a>
<article>
<header class="head">
<h1 class="${tone(message)}">${message.title || '(blank)'}</h1>
<p class="meta">${message.sender} to ${message.recipient}, ${clock.long(message.receivedAt)}</p>
</header>
${lockScreen(message, clock)}
${faults(message.faults)}
<nav class="views" aria-label="Views">${views.map(({ name, title }) => html`<a class="tab" href="/messages/${message.id}?view=${name}"${name === shown.name ? html` aria-current="page"` : null}>${title}</a>`)}</nav>
${body}
</article>`;
}

/** As a phone shows it without being opened: one line of title, two of preview. */
function lockScreen({ kind, title, preview, sender, recipient, receivedAt }: Message, clock: Clock): Html {
  const application = kind === 'mail' ? 'Mail' : `Slack ${recipient}`;
  return html`<section class="lock" aria-label="On the lock screen"><div class="notice">
<span class="line"><span class="application ${kind}">${application}</span>${clock.short(receivedAt)}</span>
<span class="sender">${sender}</span>
<span class="title">${title}</span>
<span class="preview">${preview}</span>
</div></section>`;
}

function faults(found: readonly string[]): Html | null {
  if (found.length === 0) return null;
  return html`<section class="faults" aria-label="Faults"><ul>${found.map((fault) => html`<li>${fault}</li>`)}</ul></section>`;
}
