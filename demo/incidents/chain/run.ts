import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../common/files.ts';
import type { ChainStep } from '../../../provision/local/types.ts';
import type { DemoPaths } from '../../paths.ts';
import { type Journal, readJournal } from '../journal.ts';
import type { Estimate } from '../types.ts';

/** An incident on its way, kept in a file: the supervisor may be restarted meanwhile. Times in milliseconds since the epoch. */
export interface Run {
  readonly incident: string;
  readonly startedAt: number;
  readonly clearedAt: number | null;
  /** It was undone while no supervisor ran: Alertmanager has forgotten the alert and tells nobody that it is resolved. */
  readonly clearedAtRest: boolean;
  readonly estimate: Estimate;
  readonly reached: Readonly<Partial<Record<ChainStep, Reached>>>;
}

export interface Reached {
  readonly at: number;
  /** The subject or title of the message. */
  readonly detail: string | null;
  readonly url: string | null;
}

export function reachedAt(at: number): Reached {
  return { at, detail: null, url: null };
}

/**
 * The running incident or the last one. The journal decides what runs: after a kill between it and this file, the file follows.
 */
export function readRun(paths: DemoPaths, estimate: (journal: Journal) => Estimate, now: number): Run | undefined {
  const file = runFile(paths);
  const run = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : undefined;
  const journal = readJournal(paths);
  if (journal !== undefined && run?.startedAt !== journal.startedAt)
    return writeRun(paths, begun(journal, estimate(journal), journal.startedAt));
  if (journal === undefined && run?.clearedAt === null)
    return writeRun(paths, { ...cleared(run, now), clearedAtRest: true });
  return run;
}

export function writeRun(paths: DemoPaths, run: Run): Run {
  writeFileAtomic(runFile(paths), `${JSON.stringify(run, null, 2)}\n`);
  return run;
}

/** @param changedAt when the last change was done. */
export function begun({ incident, startedAt }: Journal, estimate: Estimate, changedAt: number): Run {
  const reached = { changed: reachedAt(changedAt) };
  return { incident, startedAt, clearedAt: null, clearedAtRest: false, estimate, reached };
}

export function cleared(run: Run, now: number): Run {
  return { ...run, clearedAt: now, reached: { ...run.reached, cleared: reachedAt(now) } };
}

function runFile(paths: DemoPaths): string {
  return join(paths.incident, 'run.json');
}
