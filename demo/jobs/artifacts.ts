import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A finished backup. Its name tells when it was begun: `shop_%Y%m%d_%H%M%S.sql.gz` in UTC. */
export interface Artifact {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

const pattern = /^shop_(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})\.sql\.gz$/;

/** @param time whole seconds since the epoch. */
export function artifactName(time: number): string {
  const [date = '', clock = ''] = new Date(time * 1000).toISOString().split('T');
  return `shop_${date.replaceAll('-', '')}_${clock.slice(0, 8).replaceAll(':', '')}.sql.gz`;
}

/** Newest first. */
export function listArtifacts(directory: string): readonly Artifact[] {
  return readdirSync(directory)
    .map((name) => ({ name, time: timeOf(name) }))
    .filter((artifact): artifact is Artifact => artifact.time !== undefined)
    .sort((one, other) => other.time - one.time);
}

function timeOf(name: string): number | undefined {
  const [year, month, day, ...clock] = pattern.exec(name)?.slice(1).map(Number) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return Date.UTC(year, month - 1, day, ...clock) / 1000;
}

/**
 * Deletes the artifacts that are older than `age` seconds, but never one of the newest `floor`. Gives their names.
 * @param now seconds since the epoch.
 */
export function prune(
  directory: string,
  { age, floor }: { readonly age: number; readonly floor: number },
  now: number,
): readonly string[] {
  const old = listArtifacts(directory)
    .slice(floor)
    .filter(({ time }) => time < now - age);
  for (const { name } of old) rmSync(join(directory, name), { force: true });
  return old.map(({ name }) => name);
}
