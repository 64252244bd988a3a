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
 * size that must be the size of the file or of what is packed in it. Other fields are the writer's own.
 */
export function verifySidecar(
  files: Files,
  path: string,
  pattern: ArtifactPattern,
  sizes: readonly number[],
): readonly Finding[] {
  const text = pattern.extensions
    .map((extension) => path.slice(0, path.length - extension.length))
    .map((stem) => readCompanion(files, `${stem}.meta.json`))
    .find((content) => content !== undefined);
  if (text === undefined) return [];
  const stated = statedSize(text);
  const agrees = stated === null || (stated !== undefined && sizes.includes(stated));
  return [agrees ? passed('sidecar') : failed('sidecar', 'sidecar_mismatch')];
}

/** Null when the object states no size; undefined when the text is no JSON object. */
function statedSize(text: string): number | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const size = Object.entries(value).find(([key]) => /^(?:file)?_?size(?:_?(?:in_?)?bytes)?$/i.test(key))?.[1];
    return typeof size === 'number' ? size : null;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readCompanion(files: Files, path: string): string | undefined {
  try {
    const stats = files.lstat(path);
    return stats.isFile() && stats.size <= limit ? files.readFile(path, limit).toString('utf8') : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}
