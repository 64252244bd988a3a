import type { PartClient } from '../../../provision/local/types.ts';
import type { MessageSummary } from '../../inbox/message.ts';
import type { Target } from '../types.ts';

/** A message about the incident's alert. */
export interface Told extends Pick<MessageSummary, 'kind' | 'state' | 'receivedAt' | 'title'> {
  /** Where a person reads it. */
  readonly url: string;
}

/** Whether Alertmanager has the alert. Source: Alertmanager API v2, `GET /alerts`. */
export async function isGrouped(name: string, target: Target, alertmanager: PartClient): Promise<boolean> {
  const filters = [`alertname="${name}"`, `${target.label}="${target.name}"`];
  const query = filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&');
  const response = await alertmanager(`/api/v2/alerts?${query}`);
  if (!response.ok) throw new Error(`Alertmanager answered with ${response.status}`);
  return ((await response.json()) as readonly unknown[]).length > 0;
}

/** The messages about this alert that arrived since (milliseconds). @param page base URL of the inbox. */
export async function readMessages(
  name: string,
  target: Target,
  since: number,
  inbox: PartClient,
  page: string,
): Promise<readonly Told[]> {
  const response = await inbox(`/api/messages?since=${since}`);
  if (!response.ok) throw new Error(`the inbox answered with ${response.status}`);
  const messages = (await response.json()) as readonly MessageSummary[];
  return messages
    .filter(({ labels }) => labels['alertname'] === name && labels[target.label] === target.name)
    .map(({ kind, state, receivedAt, title, id }) => ({
      kind,
      state,
      receivedAt,
      title,
      url: `${page}/messages/${id}`,
    }));
}
