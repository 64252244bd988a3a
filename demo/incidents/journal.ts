import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import type { DemoPaths } from '../paths.ts';
import { contained } from './containment.ts';
import { type Bound, bind } from './operations/index.ts';
import type { Operation } from './operations/types.ts';

/** What an incident has changed. While its file exists the world is changed, or was about to be. */
export interface Journal {
  readonly incident: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly operations: readonly Operation[];
}

/** undefined: the world is as it should be. */
export function readJournal(paths: DemoPaths): Journal | undefined {
  const file = journalFile(paths);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Journal;
  } catch (cause) {
    throw new Error(`could not read the journal of the running incident ${file}`, { cause });
  }
}

/**
 * Writes the journal, then changes the world.
 * @throws UserError when a path leaves the demonstration; nothing has been touched then. Another error leaves everything undone.
 */
export function change(paths: DemoPaths, journal: Journal): void {
  mkdirSync(paths.incident, { recursive: true, mode: 0o700 });
  for (const operation of journal.operations) refuseOutside(paths, bind(operation));
  writeFileAtomic(contained(paths.root, journalFile(paths)), `${JSON.stringify(journal, null, 2)}\n`, 0o600);
  try {
    for (const [index, operation] of journal.operations.entries()) perform(paths, index, operation, 'apply');
  } catch (error) {
    undo(paths);
    throw error;
  }
}

/**
 * Puts everything back and then forgets the journal; without one it does nothing.
 * @throws the first error, after all else was put back; the journal stays, so that it can be tried again.
 */
export function undo(paths: DemoPaths): void {
  const journal = readJournal(paths);
  if (journal === undefined) return;
  const failures = [...journal.operations.entries()].reverse().flatMap(([index, operation]) => {
    try {
      perform(paths, index, operation, 'revert');
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (failures.length > 0) throw failures[0];
  rmSync(stashOf(paths), { recursive: true, force: true });
  rmSync(journalFile(paths), { force: true });
}

function perform(paths: DemoPaths, index: number, operation: Operation, direction: 'apply' | 'revert'): void {
  const bound = bind(operation);
  refuseOutside(paths, bound);
  bound[direction](join(contained(paths.root, stashOf(paths)), String(index)));
}

function refuseOutside({ root }: DemoPaths, { touches }: Bound): void {
  for (const path of touches()) contained(root, path);
}

function stashOf(paths: DemoPaths): string {
  return join(paths.incident, 'stash');
}

function journalFile(paths: DemoPaths): string {
  return join(paths.incident, 'journal.json');
}
