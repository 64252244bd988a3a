import type { IncomingMessage } from 'node:http';
import type { Reason } from '../metrics/self.ts';
import { problemOf } from '../model/failure.ts';
import type { Problem } from '../model/reading.ts';

/** A request that failed; the message names it. */
export class RequestError extends Error {
  constructor(path: string, what: string, options?: ErrorOptions) {
    super(`GET ${path}: ${what}`, options);
    this.name = new.target.name;
  }
}

/** A refusal by an API server or kubelet. */
export class RefusedError extends RequestError {
  /** HTTP status. */
  readonly code: number;
  /** Seconds that the server asks to wait (Retry-After); null when it does not say. */
  readonly retryAfter: number | null;
  constructor(path: string, code: number, message: string, retryAfter: number | null = null) {
    super(path, `${code} ${message}`);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The server sent something that the API does not say. Never quotes it: it may be a Secret. */
export class AnswerError extends RequestError {}

/** Nothing was heard for so long that the connection counts as dead. */
export class SilenceError extends RequestError {
  constructor(path: string, seconds: number) {
    super(path, `nothing heard for ${seconds} s`);
  }
}

export function refusal(path: string, { statusCode = 0, headers }: IncomingMessage, body: string): RefusedError {
  const seconds = headers['retry-after'] ?? '';
  return new RefusedError(path, statusCode, statusMessage(body), /^\d+$/.test(seconds) ? Number(seconds) : null);
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

/** The problem that a failed request stands for. Of a refusal the message names the missing verb, as the server says it. */
export function requestProblem(error: unknown): Problem {
  if (error instanceof RefusedError) return { reason: reasonOf(error.code), message: error.message };
  if (error instanceof AnswerError) return { reason: 'bad_answer', message: error.message };
  if (error instanceof SilenceError) return { reason: 'timeout', message: error.message };
  if (!(error instanceof RequestError)) return problemOf(error, 'ask the Kubernetes API');
  const { reason } = problemOf(error.cause, '');
  return { reason: reason === 'internal_error' ? 'handshake_failed' : reason, message: error.message };
}

function reasonOf(code: number): Reason {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'permission_denied';
  if (code === 404) return 'not_found';
  return code === 429 ? 'rate_limited' : 'server_error';
}
