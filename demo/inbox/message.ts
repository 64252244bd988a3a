/** What arrived, as a list shows it. */
export interface MessageSummary {
  /** Sorts by time of arrival. */
  readonly id: string;
  readonly kind: 'mail' | 'slack';
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The mail's subject or the Slack attachment's title, as a person reads it. */
  readonly title: string;
  /** What a lock screen shows below it. */
  readonly preview: string;
  readonly sender: string;
  /** Addresses, or the channel. */
  readonly recipient: string;
  /** Which alert it tells; both empty for a message that Lookout's templates did not make. */
  readonly state: 'firing' | 'resolved' | null;
  /** `alertname`, the object's labels, `severity`, for a test `lookout_test`. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is wrong with it, in words. */
  readonly faults: readonly string[];
}

export interface MailContent {
  readonly kind: 'mail';
  readonly headers: readonly Header[];
  readonly text: string | null;
  readonly html: string | null;
  /** The message as it came over the wire. */
  readonly source: string;
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface SlackContent {
  readonly kind: 'slack';
  readonly payload: SlackPayload;
  readonly source: string;
}

/** The part of a webhook's message that Slack shows. Source: Slack, "Secondary message attachments". */
export interface SlackPayload {
  readonly channel?: string;
  readonly username?: string;
  readonly text?: string;
  readonly attachments?: readonly SlackAttachment[];
}

export interface SlackAttachment {
  readonly color?: string;
  readonly pretext?: string;
  readonly title?: string;
  readonly title_link?: string;
  readonly text?: string;
  readonly fields?: readonly { readonly title?: string; readonly value?: string; readonly short?: boolean }[];
  readonly actions?: readonly { readonly text?: string; readonly url?: string }[];
  readonly footer?: string;
  readonly fallback?: string;
  readonly callback_id?: string;
}

export interface Message extends MessageSummary {
  readonly content: MailContent | SlackContent;
}

/** A message before the store gives it its place. */
export type Arrival = Omit<Message, 'id' | 'receivedAt'>;

/** Alert and state as the message names them: `X-Lookout-State` and `X-Lookout-Labels`, or `<state>?<labels>`. */
export function identity(state: string, query: string): Pick<MessageSummary, 'state' | 'labels'> {
  const known = state === 'firing' || state === 'resolved' ? state : null;
  const pairs = [...new URLSearchParams(query)].filter(([, value]) => value !== '');
  return { state: known, labels: known === null ? {} : Object.fromEntries(pairs) };
}
