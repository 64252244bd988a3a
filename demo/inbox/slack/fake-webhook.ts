import { timingSafeEqual } from 'node:crypto';
import { slackFaults } from '../faults.ts';
import { type Arrival, identity, type SlackAttachment, type SlackPayload } from '../message.ts';
import { firstLine } from '../text.ts';
import { slackPlain } from './markup.ts';

export interface Refusal {
  readonly status: 400 | 404;
  /** Slack's own word, the whole body of its answer. */
  readonly error: string;
}

/**
 * Stands in for Slack's incoming webhook: takes what Slack takes and refuses what Slack refuses, in its words.
 * Sources: Slack, "Sending messages using incoming webhooks" (handling errors) and changelog 2016-05-17, "Improving error
 * conditions for incoming webhooks": 404 `no_service` for an unknown address; 400 `invalid_payload` for what is no JSON
 * object or has a field of a wrong type, `no_text` without any content, `too_many_attachments` above 100.
 */
export function receiveWebhook(body: string): Arrival | Refusal {
  const payload = parsePayload(body);
  if (payload === undefined) return { status: 400, error: 'invalid_payload' };
  const { attachments = [], text = '' } = payload;
  if (attachments.length > 100) return { status: 400, error: 'too_many_attachments' };
  if (text === '' && !attachments.some(showsSomething)) return { status: 400, error: 'no_text' };
  const [first] = attachments;
  const title = slackPlain(first?.title ?? (text === '' ? (first?.fallback ?? '') : text));
  const [state = '', labels = ''] = (first?.callback_id ?? '').split('?', 2);
  return {
    kind: 'slack',
    title,
    preview: firstLine(slackPlain(first?.text ?? '')),
    sender: payload.username ?? 'incoming-webhook',
    recipient: payload.channel ?? '',
    ...identity(state, labels),
    faults: slackFaults(payload),
    content: { kind: 'slack', payload, source: body },
  };
}

export const unknownWebhook: Refusal = { status: 404, error: 'no_service' };

/** Whether `token` is the last segment of `address`, in a time that does not tell how much of it is right. */
export function opens(token: string, address: string): boolean {
  const expected = Buffer.from(address.trim().split('/').at(-1) ?? '');
  const given = Buffer.from(token);
  return expected.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
}

const strings = ['color', 'pretext', 'title', 'title_link', 'text', 'footer', 'fallback', 'callback_id'] as const;

function parsePayload(body: string): SlackPayload | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(payload) || !textual(payload, ['channel', 'username', 'text'])) return undefined;
  const { attachments = [] } = payload as { attachments?: unknown };
  if (!Array.isArray(attachments) || !attachments.every(isAttachment)) return undefined;
  return payload as SlackPayload;
}

function isAttachment(value: unknown): value is SlackAttachment {
  return isRecord(value) && textual(value, strings) && [value['fields'], value['actions']].every(listOfRecords);
}

function listOfRecords(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(isRecord));
}

function textual(record: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => record[name] === undefined || typeof record[name] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function showsSomething({ pretext, title, text, fallback, fields }: SlackAttachment): boolean {
  return (
    [pretext, title, text, fallback].some((part) => part !== undefined && part !== '') || (fields ?? []).length > 0
  );
}
