import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import type { DemoPaths } from '../paths.ts';
import { contained } from './containment.ts';
import { apply, revert } from './operations/index.ts';
import type { Operation, Place } from './operations/types.ts';

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

/** Writes the journal, then changes the world. @throws UserError when a path leaves the demonstration; nothing is left changed then. */
export function change(paths: DemoPaths, journal: Journal): void {
  writeFileAtomic(contained(paths.root, journalFile(paths)), `${JSON.stringify(journal, null, 2)}\n`, 0o600);
  try {
    journal.operations.forEach((operation, index) => {
      apply(operation, placeOf(paths, index));
    });
  } catch (error) {
    undo(paths);
    throw error;
  }
}

/** Puts everything back and then forgets the journal; without one it does nothing. Gives what it has undone. */
export function undo(paths: DemoPaths): Journal | undefined {
  const journal = readJournal(paths);
  if (journal === undefined) return undefined;
  for (const [index, operation] of [...journal.operations.entries()].reverse())
    revert(operation, placeOf(paths, index));
  rmSync(stashOf(paths), { recursive: true, force: true });
  rmSync(contained(paths.root, journalFile(paths)), { force: true });
  return journal;
}

function placeOf(paths: DemoPaths, index: number): Place {
  return { root: paths.root, stash: join(stashOf(paths), String(index)) };
}

function stashOf(paths: DemoPaths): string {
  return join(paths.incident, 'stash');
}

function journalFile(paths: DemoPaths): string {
  return join(paths.incident, 'journal.json');
}
