import type { Reason } from '../metrics/self.ts';
import type { Outcome, Problem } from './reading.ts';

const reasonOfCode: Readonly<Record<string, Reason>> = {
  ENOENT: 'not_found',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  ENOTDIR: 'not_a_directory',
  ELOOP: 'broken_symlink',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  ENOTFOUND: 'name_not_resolved',
};

/** Thrown where a source turns out to be unusable, to end its reading with that reason. */
export class SourceError extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
    this.reason = reason;
  }
}

/** The problem that an error stands for; `attempt` says what was tried, e.g. `read /backups`. */
export function problemOf(error: unknown, attempt: string): Problem {
  if (error instanceof SourceError) return { reason: error.reason, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const system = code !== undefined && /^E[A-Z0-9]+$/.test(code);
  const reason = system ? (reasonOfCode[code] ?? 'read_failed') : 'internal_error';
  return { reason, message: `could not ${attempt}: ${message}` };
}

export function failed(problem: Problem): Outcome<never> {
  return { reading: null, problem };
}
