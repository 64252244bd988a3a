import type { IncomingMessage } from 'node:http';
import type { Reason } from '../metrics/self.ts';
import { problemOf, SourceError } from '../model/failure.ts';

/** A request that failed; the message names it. */
export class RequestError extends SourceError {
  constructor(path: string, reason: Reason, what: string, options?: ErrorOptions) {
    super(reason, `GET ${path}: ${what}`, options);
    this.name = new.target.name;
  }
}

/** A refusal by an API server or kubelet, in its own words: where a right is missing they name the verb. */
export class RefusedError extends RequestError {
  /** HTTP status. */
  readonly code: number;
  /** Seconds that the server asks to wait (Retry-After); null when it does not say. */
  readonly retryAfter: number | null;
  constructor(path: string, code: number, message: string, retryAfter: number | null = null) {
    super(path, reasonOf(code), `${code} ${message}`);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The server sent something that the API does not say. Never quotes it: it may be a Secret. */
export class AnswerError extends RequestError {
  constructor(path: string, what: string) {
    super(path, 'bad_answer', what);
  }
}

/** Nothing was heard for so long that the connection counts as dead. */
export class SilenceError extends RequestError {
  constructor(path: string, seconds: number) {
    super(path, 'timeout', `nothing heard for ${seconds} s`);
  }
}

export function refusal(path: string, { statusCode = 0, headers }: IncomingMessage, body: string): RefusedError {
  const seconds = headers['retry-after'] ?? '';
  return new RefusedError(path, statusCode, statusMessage(body), /^\d+$/.test(seconds) ? Number(seconds) : null);
}

/** The error of a connection that could not be made or broke. */
export function connectionError(path: string, cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause;
  const { reason } = problemOf(cause, '');
  const untrusted =
    cause instanceof Error && 'code' in cause && /CERT|SIGNATURE|ISSUER|TLS|SSL/.test(String(cause.code));
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RequestError(path, untrusted ? 'handshake_failed' : reason, message, { cause });
}

function reasonOf(code: number): Reason {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'permission_denied';
  if (code === 404) return 'not_found';
  return code === 429 ? 'rate_limited' : 'server_error';
}

/** The message of a Status object, the form of every refusal of an API server; else the begin of what was said. */
function statusMessage(body: string): string {
  try {
    const status: { message?: unknown } | null = JSON.parse(body);
    if (typeof status?.message === 'string') return status.message;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return body.slice(0, 300);
}
