import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DashboardSource, Own } from '../../dashboards/types.ts';
import type { Topic } from '../../rules/types.ts';

/** A file of an environment with what it exports. */
export interface OwnFile<Value> extends SourceFile {
  readonly value: Value;
}

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As the user named the folder. */
  readonly file: string;
  readonly text: string;
}

/** The files in `dashboards/` and `rules/` of an environment, in the order of their names. */
export interface OwnFiles {
  readonly dashboards: readonly OwnFile<DashboardSource>[];
  readonly topics: readonly OwnFile<Topic>[];
}

export function ownOf({ dashboards, topics }: OwnFiles): Own {
  return { dashboards: dashboards.map(({ value }) => value), topics: topics.map(({ value }) => value) };
}

/** Folders below are the place for what several of these files share. */
export function sourceFiles(folder: string, display: (path: string) => string): readonly SourceFile[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return { path, file: display(path), text: readFileSync(path, 'utf8') };
    });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
