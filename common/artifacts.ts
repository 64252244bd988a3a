import { readPattern } from './artifact-syntax.ts';
import { type ArtifactTime, timeOfParts } from './artifact-times.ts';
import { zoneClock } from './timezones.ts';

/**
 * The names of a backup's artifacts: paths below its directory, written either like `date(1)` does
 * (`shop_%Y%m%d_%H%M%S.sql.gz`, `%Y/%m/%d-%H-%M/`; `*` stands for any characters but `/`, `%%` for a percent sign), or as a
 * regular expression between slashes with named groups (`/dump-(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)\.gz/`). A `/` at the
 * end says that artifacts are directories.
 */
export interface ArtifactPattern {
  readonly text: string;
  /** Artifacts are directories, never files. */
  readonly directory: boolean;
  /** Levels below the root at which artifacts lie: 1 for its own entries. */
  readonly depth: number;
  /** False when names hold no time: artifacts are then as old as their last modification. */
  readonly timed: boolean;
  /** Extensions that names end with, the longest first and the empty one last: `.sql.gz`, `.gz`, and nothing. */
  readonly extensions: readonly string[];
  /** Undefined when the path (relative, `/` between its parts) is not that of an artifact. */
  read(path: string): ArtifactName | undefined;
  /** Whether artifacts may lie below this directory. */
  leads(path: string): boolean;
}

export interface ArtifactName {
  /** Null when the pattern holds no time. */
  readonly time: ArtifactTime | null;
}

/** What is wrong with a pattern, where, and what is allowed; undefined when nothing is. */
export function patternProblem(text: string): string | undefined {
  const syntax = readPattern(text);
  return typeof syntax === 'string' ? syntax : undefined;
}

/**
 * @param clock IANA zone of the times in names.
 * @throws RangeError for a pattern that `patternProblem`, or a zone that `isTimeZone` refuses.
 */
export function artifactPattern(text: string, clock: string): ArtifactPattern {
  const syntax = readPattern(text);
  if (typeof syntax === 'string') throw new RangeError(`cannot read the artifact pattern "${text}": ${syntax}`);
  const zone = zoneClock(clock);
  const whole = anchored(syntax.path);
  const above = syntax.above?.map(anchored);
  const { directory, depth, timed } = syntax;
  const read = (path: string): ArtifactName | undefined => {
    const match = whole.exec(path);
    if (match === null) return undefined;
    if (!timed) return { time: null };
    const time = timeOfParts(match.groups ?? {}, zone);
    return time === undefined ? undefined : { time };
  };
  const leads = (path: string): boolean => {
    const level = path.split('/').length;
    return level < depth && (above === undefined || above[level - 1]?.test(path) === true);
  };
  return { text, directory, depth, timed, extensions: extensionsOf(syntax.tail), read, leads };
}

function anchored(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}

/** `_full.sql.gz` -> `.sql.gz`, `.gz`, ``. */
function extensionsOf(tail: string): readonly string[] {
  const dots = [...tail.matchAll(/\.[^./]*/g)].map((match) => match.index);
  return [...dots.map((dot) => tail.slice(dot)), ''];
}
