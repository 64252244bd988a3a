import { createHash, timingSafeEqual } from 'node:crypto';
import { UserError } from '../../common/problems.ts';
import type { Log } from '../telemetry/log.ts';
import { LocalFiles } from './local-files.ts';

/**
 * The bearer tokens of a file, one or two, one a line: two while they are rotated. The file is looked at for each request.
 * While it cannot be used the tokens read before stay valid.
 */
export class TokenFile {
  readonly #digests: LocalFiles<readonly Buffer[]>;
  /** By the digest in hex. */
  readonly #scrapes = new Map<string, number>();

  /** @throws UserError when the file cannot be used. */
  constructor(path: string, log: Log) {
    try {
      this.#digests = new LocalFiles([path], readTokens, log);
    } catch (cause) {
      throw new UserError(`could not read the token file ${path}: put one or two tokens there, one a line`, { cause });
    }
  }

  /** In constant time: all digests are compared, and none of them tells the length of its token. */
  accepts(token: string): boolean {
    const given = digest(token);
    return this.#digests.current.map((known) => timingSafeEqual(known, given)).includes(true);
  }

  /** Notes a scrape that was made with an accepted token. */
  countScrape(token: string): void {
    const key = digest(token).toString('hex');
    this.#scrapes.set(key, this.#made(key) + 1);
  }

  /** Scrapes since the start by each token of the file, in its order: they show who rotates them when one is out of use. */
  get scrapes(): readonly number[] {
    return this.#digests.current.map((known) => this.#made(known.toString('hex')));
  }

  #made(key: string): number {
    return this.#scrapes.get(key) ?? 0;
  }
}

function readTokens(content = ''): readonly Buffer[] {
  const tokens = content.split('\n').flatMap((line) => line.trim() || []);
  if (tokens.length < 1 || tokens.length > 2)
    throw new Error(`it holds ${tokens.length} tokens, one or two are allowed`);
  return tokens.map(digest);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
