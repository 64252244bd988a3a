import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../../common/files.ts';
import { UserError } from '../../../common/problems.ts';
import type { ProcessIdentity } from '../types.ts';
import { isAlive } from './process.ts';

/** Who runs a stack: the content of its lock file. */
export interface Holder {
  /** Unique for each run; also in the environment of its parts. */
  readonly run: string;
  readonly identity: ProcessIdentity;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Address of the start page; null until it listens. */
  readonly page: string | null;
}

export type Acquired =
  | { readonly kind: 'held' /** A run that ended without giving the lock back. */; readonly previous: Holder | null }
  | { readonly kind: 'busy'; readonly holder: Holder };

/** Takes the lock, unless a living process holds it. A lock whose holder is dead is taken over. */
export function acquireLock(path: string, holder: Holder): Acquired {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let previous: Holder | null = null;
  for (;;) {
    if (createLock(path, holder)) return { kind: 'held', previous };
    const current = readLock(path);
    if (current !== null && isAlive(current.identity)) return { kind: 'busy', holder: current };
    previous = removeStale(path) ?? previous;
  }
}

/** The holder that the lock file names, dead or alive; null when there is no lock. */
export function readLock(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new UserError(`the lock file ${path} cannot be read; if nothing of this stack runs any more, remove it`, {
      cause: error,
    });
  }
}

/** The holder, if it is alive. */
export function livingHolder(path: string): Holder | null {
  const holder = readLock(path);
  return holder !== null && isAlive(holder.identity) ? holder : null;
}

/** Replaces what the lock says; only for its holder. */
export function updateLock(path: string, holder: Holder): void {
  writeFileAtomic(path, JSON.stringify(holder), 0o600);
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/** Appears with its whole content or not at all, and never over another one. */
function createLock(path: string, holder: Holder): boolean {
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary);
  }
}

/** Moves a dead holder's lock out of the way; a living one that came in between is put back. */
function removeStale(path: string): Holder | null {
  const aside = `${path}.${randomUUID()}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const moved = readLock(aside);
  if (moved !== null && isAlive(moved.identity)) linkSync(aside, path);
  rmSync(aside);
  return moved;
}
