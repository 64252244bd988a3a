import { UserError } from '../../common/problems.ts';
import type { PortChoice } from './ports.ts';
import { type RunFiles, readProcesses } from './run-files.ts';
import type { Holder } from './supervisor/lock.ts';
import { endOrphans } from './supervisor/orphans.ts';

/** Ends what a run has left that was killed, and says so. */
export async function sweep(previous: Holder | null, files: RunFiles): Promise<readonly string[]> {
  if (previous === null) return [];
  const ended = await endOrphans(previous.run, readProcesses(files.processes));
  if (ended.length === 0) return ['The last start of this stack was killed; it left nothing behind.'];
  return [
    `The last start of this stack was killed; ended what it had left: ${ended.map((pid) => `pid ${pid}`).join(', ')}.`,
  ];
}

/** Which ports were taken by other programs. */
export function portNotes(ports: readonly PortChoice[]): readonly string[] {
  return ports.flatMap(({ title, port, taken }) =>
    taken === null ? [] : [`Port ${taken} (${title}) is taken by another program; using ${port}.`],
  );
}

/** The refusal of a second start on the same state: who runs, where and since when. */
export function alreadyUp(stack: string, { identity, since, page }: Holder): UserError {
  const where = page === null ? 'still starting' : page;
  return new UserError(
    `${stack} is up already: pid ${identity.pid}, ${where}, since ${new Date(since).toISOString()}. Stop it with Ctrl-C where it runs, or: kill ${identity.pid}`,
  );
}
