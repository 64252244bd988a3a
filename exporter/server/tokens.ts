import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../common/problems.ts';
import type { Log } from '../telemetry/log.ts';

/**
 * The bearer tokens of a file, one or two, one a line: two while they are rotated. The file is looked at for each request and
 * read again when it is another one. While it cannot be used the tokens read before stay valid.
 */
export class TokenFile {
  readonly #path: string;
  readonly #log: Log;
  #digests: readonly Buffer[];
  #seen: string;

  /** @throws UserError when the file cannot be used. */
  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    try {
      this.#seen = identity(path);
      this.#digests = readTokens(path);
    } catch (cause) {
      throw new UserError(`could not read the token file ${path}: put one or two tokens there, one a line`, { cause });
    }
  }

  /** In constant time: all digests are compared, and none of them tells the length of its token. */
  accepts(token: string): boolean {
    this.#refresh();
    const given = digest(token);
    return this.#digests.map((known) => timingSafeEqual(known, given)).includes(true);
  }

  #refresh(): void {
    try {
      const seen = identity(this.#path);
      if (seen === this.#seen) return;
      this.#digests = readTokens(this.#path);
      this.#seen = seen;
      this.#log.info({ tokens: this.#digests.length }, 'the token file was read again');
    } catch (error) {
      this.#log.error({ error }, `could not read the token file ${this.#path} again: the tokens before stay valid`);
    }
  }
}

/** Another one for every way to change a file: in place, by renaming, and by swapping a link to its directory. */
function identity(path: string): string {
  const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

function readTokens(path: string): readonly Buffer[] {
  const tokens = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => line.trim() || []);
  if (tokens.length < 1 || tokens.length > 2)
    throw new Error(`it holds ${tokens.length} tokens, one or two are allowed`);
  return tokens.map(digest);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
