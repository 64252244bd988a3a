import type { MessageSummary } from '../../../demo/inbox/message.ts';
import type { Stack } from '../../../stack/types.ts';
import type { PartClient } from '../types.ts';
import { askJson, whenAnswering } from './ask.ts';
import type { MessageView } from './types.ts';

const shown = 6;

/** The latest messages of the inbox; none while it does not answer, null for a stack without one. */
export async function askMessages({ local }: Stack, inbox: PartClient | null): Promise<readonly MessageView[] | null> {
  if (!local?.inbox || inbox === null) return null;
  const base = `http://${local.inbox.http}`;
  const messages = await whenAnswering(() => askJson<readonly MessageSummary[]>(inbox, '/api/messages'), []);
  return messages.slice(0, shown).map(({ id, kind, title, receivedAt }) => ({
    kind,
    title,
    at: receivedAt,
    url: `${base}/messages/${id}`,
  }));
}
