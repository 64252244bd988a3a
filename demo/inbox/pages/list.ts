import type { MessageSummary } from '../message.ts';
import type { Clock } from './clock.ts';
import { type Html, html } from './html.ts';

/** The messages, the newest first. */
export function messageList(messages: readonly MessageSummary[], selected: string | null, clock: Clock): Html {
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  return html`<div class="bar"><span>${count}</span>${messages.length === 0 ? null : deleteAll}</div>
<ol class="items">${messages.map((message) => item(message, selected, clock))}</ol>`;
}

const deleteAll = html`<button type="button" class="quiet" data-delete="/api/messages" data-question="Delete all messages?">Delete all</button>`;

function item(message: MessageSummary, selected: string | null, clock: Clock): Html {
  const { id, kind, title, preview, receivedAt, faults } = message;
  const current = id === selected ? html` aria-current="true"` : null;
  return html`<li class="item ${tone(message)}" data-message="${id}"><a class="entry" href="/messages/${id}"${current}>
<span class="line"><span class="kind">${kind === 'mail' ? 'Mail' : 'Slack'}</span>${fault(faults)}${clock.short(receivedAt)}</span>
<span class="title">${title || '(blank)'}</span>
<span class="preview">${preview}</span>
</a></li>`;
}

function fault(faults: readonly string[]): Html | null {
  if (faults.length === 0) return null;
  return html`<span class="fault">${faults.length === 1 ? '1 fault' : `${faults.length} faults`}</span>`;
}

/** Class of a message by what it says: `resolved`, the severity, or `plain`. */
export function tone({ state, labels }: Pick<MessageSummary, 'state' | 'labels'>): string {
  if (state === null) return 'plain';
  if (state === 'resolved') return 'resolved';
  const severity = labels['severity'] ?? '';
  return ['critical', 'warning', 'info'].includes(severity) ? severity : 'warning';
}
