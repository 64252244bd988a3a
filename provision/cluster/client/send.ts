import { type Dispatcher, request } from 'undici';
import { UserError } from '../../../common/problems.ts';
import type { Connection } from './connection.ts';
import { ApiError } from './errors.ts';
import { isLostConnection, laterStatuses, patience, pauseBefore } from './retry.ts';
import type { ApiAnswer, ApiRequest } from './types.ts';

export interface SenderOptions {
  readonly server: string;
  readonly connect: () => Promise<Connection>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told once per outage, and when it is over. */
  readonly report: (line: string) => void;
}

/** The one way in which requests leave: raw JSON over one pool of connections, tried again where that is safe. */
export class Sender {
  readonly #options: SenderOptions;
  #connection: Promise<Connection> | undefined;
  #answered = false;
  #away = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async send(wanted: ApiRequest): Promise<ApiAnswer> {
    const start = this.#options.now();
    for (let attempt = 0; ; attempt++) {
      const { answer, retryAfter, failure } = await this.#try(wanted);
      if (answer !== undefined && !laterStatuses.includes(answer.status)) return accept(wanted, answer);
      const waited = (this.#options.now() - start) / 1000;
      if (waited > (this.#answered ? patience.later : patience.first)) throw this.#giveUp(wanted, answer, failure);
      this.#tellAway(failure);
      await pauseBefore(attempt, retryAfter, this.#options.signal);
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.dispatcher.destroy();
  }

  /** One attempt; credentials that are no longer accepted are fetched anew once. */
  async #try(wanted: ApiRequest): Promise<Attempt> {
    try {
      const connection = this.#connect();
      const first = await this.#exchange(wanted, connection);
      const { answer, retryAfter } =
        first.answer.status === 401 ? await this.#exchange(wanted, this.#reconnect(connection)) : first;
      if (!laterStatuses.includes(answer.status)) this.#tellBack();
      return { answer, retryAfter };
    } catch (error) {
      if (!isLostConnection(error)) throw this.#unreachable(error);
      return { failure: error };
    }
  }

  #connect(): Promise<Connection> {
    this.#connection ??= this.#options.connect();
    return this.#connection;
  }

  /** Of many requests that were refused at once the first fetches the credentials; those under way come to their end. */
  #reconnect(refused: Promise<Connection>): Promise<Connection> {
    if (this.#connection === refused) {
      this.#connection = undefined;
      void refused.then(({ dispatcher }) => dispatcher.close());
    }
    return this.#connect();
  }

  async #exchange(
    { method, path, query = {}, body, contentType }: ApiRequest,
    to: Promise<Connection>,
  ): Promise<Exchange> {
    const { dispatcher, headers } = await to;
    const response = await request(address(this.#options.server, path, query), {
      method,
      dispatcher,
      signal: this.#options.signal,
      headers: {
        ...headers,
        accept: 'application/json, */*',
        'user-agent': 'lookout',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: 60_000,
    });
    return { answer: await readAnswer(response), retryAfter: headerText(response.headers['retry-after']) };
  }

  #tellAway(failure: Error | undefined): void {
    if (!this.#answered || this.#away || failure === undefined) return;
    this.#away = true;
    this.#options.report(`the API server at ${this.#options.server} is away (${failure.message}); trying again`);
  }

  #tellBack(): void {
    this.#answered = true;
    if (this.#away) this.#options.report('the API server is back');
    this.#away = false;
  }

  #giveUp({ subject }: ApiRequest, answer: ApiAnswer | undefined, failure: Error | undefined): Error {
    return answer === undefined ? this.#unreachable(failure) : new ApiError(subject, answer.status, answer.body);
  }

  #unreachable(cause: unknown): Error {
    if (cause instanceof Error && (this.#options.signal.aborted || cause instanceof UserError)) return cause;
    return new UserError(`could not reach the API server at ${this.#options.server}`, { cause });
  }
}

interface Exchange {
  readonly answer: ApiAnswer;
  readonly retryAfter: string | undefined;
}

interface Attempt {
  readonly answer?: ApiAnswer;
  readonly retryAfter?: string | undefined;
  readonly failure?: Error;
}

function accept({ subject }: ApiRequest, answer: ApiAnswer): ApiAnswer {
  if (answer.status >= 400) throw new ApiError(subject, answer.status, answer.body);
  return answer;
}

/** A server may have a path of its own, as behind Rancher. */
function address(server: string, path: string, query: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(`${server.replace(/\/$/, '')}${path}`);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  return url;
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<ApiAnswer> {
  const text = await body.text();
  const json = headerText(headers['content-type'])?.startsWith('application/json') === true;
  return {
    status: statusCode,
    body: json ? (JSON.parse(text) as unknown) : text,
    warnings: readWarnings(headerText(headers['warning'])),
  };
}

/** `299 - "text"`, several in a row. Source: RFC 7234, 5.5. */
function readWarnings(header: string | undefined): readonly string[] {
  const found = (header ?? '').matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
