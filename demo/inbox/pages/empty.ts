import { type Html, html } from './html.ts';

/** What stands beside the list while nothing is chosen. */
export function emptyMessages(count: number): Html {
  if (count > 0) return html`<div class="empty"><p>Choose a message to see it as its reader would.</p></div>`;
  return html`<div class="empty"><h1>No message yet</h1>
<p>Every mail and Slack message of this stack arrives here; nothing leaves this machine.</p>
<p>To see one: <code>lookout incident backup-missed</code>, then wait about a minute.</p></div>`;
}

export function emptyTraces(count: number): Html {
  if (count > 0) return html`<div class="empty"><p>Choose a trace to see where its time went.</p></div>`;
  return html`<div class="empty"><h1>No trace yet</h1>
<p>The demonstration application sends a share of its requests here as OpenTelemetry traces.</p></div>`;
}

export function gone(kind: 'message' | 'trace'): Html {
  return html`<div class="empty"><h1>This ${kind} is gone</h1><p>Only the latest ones are kept. <a href="${kind === 'message' ? '/' : '/traces'}">See what is here.</a></p></div>`;
}
