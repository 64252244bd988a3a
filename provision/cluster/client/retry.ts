import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds that the API server may stay away: briefly before it answered once, long enough for its restart later. */
export const patience = { first: 5, later: 180 } as const;

/** Answers that mean "later": too many requests, not ready, timeout in front of it. */
export const laterStatuses: readonly number[] = [429, 503, 504];

/** Whether a request came to nothing on its way, so that it may be sent again (every one of ours is idempotent). */
export function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return lost.includes(code) || (error.cause !== undefined && isLostConnection(error.cause));
}

const lost: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
];

/** Milliseconds until the next try: what Retry-After asks for (seconds), else doubling from 0.1 s to 2 s. */
export function pause(attempt: number, retryAfter: string | undefined): number {
  const seconds = Number(retryAfter);
  if (retryAfter !== undefined && Number.isFinite(seconds)) return Math.min(seconds, 30) * 1000;
  return Math.min(100 * 2 ** attempt, 2000);
}

export async function pauseBefore(attempt: number, retryAfter: string | undefined, signal: AbortSignal): Promise<void> {
  await sleep(pause(attempt, retryAfter), undefined, { signal });
}
