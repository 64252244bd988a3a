import type { Stats } from 'node:fs';
import type { ArtifactPattern } from '../../../../common/artifacts.ts';
import type { Files } from '../../../reader/task.ts';
import { hasCode } from '../directory.ts';
import type { Finding } from '../model.ts';
import { failed, passed } from './steps.ts';

/** Larger files of these names are not taken for companions. */
const limit = 1_048_576;

/**
 * The SHA-256 that a `<artifact>.sha256` file beside the artifact states, in lower case; undefined without such a file
 * or such a sum in it (a format that is not known proves nothing). Source: sha256sum(1).
 */
export function statedChecksum(files: Files, path: string): string | undefined {
  const text = readCompanion(files, `${path}.sha256`);
  return text === undefined ? undefined : /^\\?([0-9a-f]{64})(?:\s|$)/i.exec(text.trim())?.[1]?.toLowerCase();
}

/**
 * Compares an artifact with its `.meta.json` file, if it has one: that must be a JSON object, and where it states a file
 * size that must be the size of the file or of what is packed in it. A field `verified` tells what the owner's own
 * verification came to, or that there was none yet. Other fields are the writer's own.
 */
export function verifySidecar(
  files: Files,
  path: string,
  pattern: ArtifactPattern,
  sizes: readonly number[],
): readonly Finding[] {
  const text = sidecarPaths(path, pattern)
    .map((sidecar) => readCompanion(files, sidecar))
    .find((content) => content !== undefined);
  if (text === undefined) return [];
  const fields = fieldsOf(text);
  const size = fields?.find(([key]) => /^(?:file)?_?size(?:_?(?:in_?)?bytes)?$/i.test(key))?.[1];
  const agrees = fields !== undefined && (typeof size !== 'number' || sizes.includes(size));
  const verified = fields?.find(([key]) => key.toLowerCase() === 'verified')?.[1];
  return [
    agrees ? passed('sidecar') : failed('sidecar', 'sidecar_mismatch'),
    ...(verified === true ? [passed('attested')] : []),
    ...(verified === false ? [failed('attested', 'not_attested')] : []),
  ];
}

/**
 * What tells whether the files beside an artifact have changed: they may be written long after it, and anew. Empty when there
 * are none, as for most.
 */
export function companionsOf(files: Files, path: string, pattern: ArtifactPattern): string {
  const companions = [`${path}.sha256`, ...sidecarPaths(path, pattern)];
  return companions.flatMap((companion, index) => markOf(files, companion, index)).join(' ');
}

function sidecarPaths(path: string, { extensions }: ArtifactPattern): readonly string[] {
  return extensions.map((extension) => `${path.slice(0, path.length - extension.length)}.meta.json`);
}

/** Undefined when the text is no JSON object. */
function fieldsOf(text: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function markOf(files: Files, path: string, index: number): readonly string[] {
  const stats = statsOf(files, path);
  return stats === undefined ? [] : [`${index}:${stats.size}/${stats.mtimeMs}/${stats.ino}`];
}

function readCompanion(files: Files, path: string): string | undefined {
  const stats = statsOf(files, path);
  if (stats === undefined || !stats.isFile() || stats.size > limit) return undefined;
  return unlessMissing(() => files.readFile(path, limit).toString('utf8'));
}

function statsOf(files: Files, path: string): Stats | undefined {
  return unlessMissing(() => files.lstat(path));
}

/** What may not be read is as if it were not there. */
function unlessMissing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}
