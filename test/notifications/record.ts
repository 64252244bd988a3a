import type { MailContent, Message, MessageSummary, SlackContent } from '../../demo/inbox/message.ts';
import type { MessageCase } from './cases.ts';
import type { Delivery } from './delivery.ts';

/** Lets the case happen and gives its mail and, unless it is told by mail only, its Slack message, by what happened. */
export async function tell(
  delivery: Delivery,
  { alerts, ended, until = '' }: MessageCase,
): Promise<Readonly<Record<string, readonly Message[]>>> {
  const [{ labels: posted }] = alerts;
  const kinds = posted['severity'] === 'info' ? (['mail'] as const) : (['mail', 'slack'] as const);
  const about = ({ labels }: MessageSummary) =>
    ['alertname', 'lookout_test'].every((name) => labels[name] === posted[name]);
  const told = (wanted: (message: MessageSummary) => boolean) =>
    Promise.all(
      kinds.map((kind) => delivery.arrived((message) => message.kind === kind && about(message) && wanted(message))),
    );

  await delivery.post(alerts);
  const firing = await told(({ title }) => title.includes(until));
  if (ended === undefined) return { firing };
  await delivery.post(ended);
  const latest = Math.max(...firing.map(({ receivedAt }) => receivedAt));
  return { firing, ended: await told(({ receivedAt }) => receivedAt > latest) };
}

/** A message as golden files have it. */
export function record({ title, sender, recipient, state, labels, preview, content }: Message): string {
  const summary = { title, sender, recipient, state, labels, preview };
  const body = content.kind === 'mail' ? mailRecord(content) : slackRecord(content);
  return `=== ${content.kind}\n${JSON.stringify(summary, null, 2)}\n${body}`;
}

/** Alertmanager writes its headers in a random order. */
function mailRecord({ headers, text, html }: MailContent): string {
  const stable = headers
    .filter(({ name }) => !['Message-Id', 'Date', 'Content-Type'].includes(name))
    .map(({ name, value }) => `${name}: ${value}`)
    .sort();
  return `--- headers\n${stable.join('\n')}\n--- text\n${text}\n--- html\n${html}\n`;
}

function slackRecord({ payload }: SlackContent): string {
  return `--- payload\n${JSON.stringify(payload, null, 2)}\n`;
}
