import { readFileSync, statSync } from 'node:fs';
import type { Log } from '../telemetry/log.ts';

/**
 * Something that is read from local files of the exporter's own and kept until they change. While they cannot be used, what
 * was read before stays.
 */
export class LocalFiles<Value> {
  readonly #paths: readonly string[];
  readonly #parse: (...contents: readonly string[]) => Value;
  readonly #log: Log;
  #seen: string;
  #value: Value;

  /** @throws what reading and parsing throw. */
  constructor(paths: readonly string[], parse: (...contents: readonly string[]) => Value, log: Log) {
    this.#paths = paths;
    this.#parse = parse;
    this.#log = log;
    this.#seen = identity(paths);
    this.#value = this.#read();
  }

  /** The value now, read again when a file is another one. */
  get current(): Value {
    try {
      const seen = identity(this.#paths);
      if (seen === this.#seen) return this.#value;
      this.#value = this.#read();
      this.#seen = seen;
      this.#log.info({ paths: this.#paths }, 'read again');
    } catch (error) {
      this.#log.error({ paths: this.#paths, error }, 'could not read again: what was read before stays valid');
    }
    return this.#value;
  }

  #read(): Value {
    return this.#parse(...this.#paths.map((path) => readFileSync(path, 'utf8')));
  }
}

/** Another one for every way to change a file: in place, by renaming, and by swapping a link to its directory. */
function identity(paths: readonly string[]): string {
  return paths
    .map((path) => statSync(path))
    .map(({ dev, ino, size, mtimeMs, ctimeMs }) => [dev, ino, size, mtimeMs, ctimeMs].join(' '))
    .join('\n');
}
