import type { Address } from '../listener.ts';

/** Configuration of the inbox (JSON), written by the local platform. */
export interface InboxConfig {
  readonly smtp: Address;
  /** PEM files with which the mail server offers STARTTLS; absent: it does not. */
  readonly smtpTls?: { readonly certificate: string; readonly key: string };
  /** Page, API, Slack-compatible webhook `/services/<token>` and OTLP receiver `/v1/traces`. */
  readonly http: Address;
  /** Names besides those of this machine that its HTTP server is asked by, such as a Service's. */
  readonly names?: readonly string[];
  /** One file per message; kept over restarts. */
  readonly directory: string;
  /** Holds the webhook's address as Alertmanager is given it; its last path segment is the token. Read at each call. */
  readonly webhookFile: string;
  /** IANA zone in which the pages tell the time. */
  readonly timezone: string;
  /** Base URL of the start page, linked from the inbox; null: none. */
  readonly startPage: string | null;
}

/** Of each kind the newest are kept. */
export const capacity = { messages: 500, traces: 200 } as const;
