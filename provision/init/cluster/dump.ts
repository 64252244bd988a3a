import { patternProblem } from '../../../common/artifacts.ts';
import type { BackupEngine } from '../../../stack/types.ts';

/** What the command of a CronJob tells of the dumps that it writes; null: it does not say. */
export interface Dump {
  readonly engine: BackupEngine;
  /** Pattern of an artifact's path below `directory`. */
  readonly pattern: string | null;
  /** Directory in the container below which the artifacts appear. */
  readonly directory: string | null;
}

const engines: readonly (readonly [program: RegExp, engine: BackupEngine])[] = [
  [/\bpg_dump(all)?\b/, 'postgres'],
  [/\bmongodump\b/, 'mongodb'],
  [/\bsqlite3\b.*\.(backup|dump)/s, 'sqlite'],
  [/\b(tar|rsync|rclone|restic|mysqldump|mariadb-dump)\b/, 'files'],
];

/** The dump that a shell command makes; undefined when it looks like none. `date`'s formats are the patterns' own. */
export function dumpOf(command: string): Dump | undefined {
  const engine = engines.find(([program]) => program.test(command))?.[1];
  if (engine === undefined) return undefined;
  const path = datedPath(withVariables(command));
  if (path === undefined) return { engine, pattern: null, directory: null };
  const cut = path.lastIndexOf('/', path.indexOf('%'));
  const [directory, name] = [path.slice(0, cut), path.slice(cut + 1)];
  const pattern = engine === 'mongodb' && !/\.\w+$/.test(name) ? `${name}/` : name;
  return {
    engine,
    pattern: patternProblem(pattern) === undefined ? pattern : null,
    directory: directory === '' ? null : directory,
  };
}

/** The first absolute path with the time in it. Of a path below a dated directory the directory is meant. */
function datedPath(command: string): string | undefined {
  const [path] = /\/[^\s"'`;|&<>()$]*%[^\s"'`;|&<>()$]*/.exec(command) ?? [];
  const end = path?.indexOf('/', path.lastIndexOf('%')) ?? -1;
  return end === -1 ? path : path?.slice(0, end);
}

const date =
  /\$\(\s*date\s+(?:-u\s+)?["']?\+["']?([^"')]+)["']?\s*\)|`date\s+(?:-u\s+)?["']?\+["']?([^"'`]+)["']?\s*`/g;

/** The command with each `date +format` written as its format, and with the variables that it sets itself filled in. */
function withVariables(command: string): string {
  let text = command.replaceAll(date, (...found: readonly string[]) => found[1] ?? found[2] ?? '');
  for (const [, name, quoted, bare] of text.matchAll(/(?:^|[\s;&])([A-Za-z_]\w*)=(?:"([^"]*)"|'?([^\s;'"]*)'?)/g))
    text = text.replaceAll(new RegExp(`\\$\\{${name}\\}|\\$${name}\\b`, 'g'), () => quoted ?? bare ?? '');
  return text;
}
