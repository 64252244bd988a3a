import { logSize, readFrom } from './logs.ts';

/** Reads what is added to a log from now on, a whole line at a time; starts anew when the log was set aside. */
export class LogFollower {
  readonly #path: string;
  #offset: number;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
    this.#offset = logSize(path);
  }

  read(): readonly string[] {
    const size = logSize(this.#path);
    if (size < this.#offset) {
      this.#offset = 0;
      this.#rest = '';
    }
    const added = readFrom(this.#path, this.#offset, size);
    this.#offset += added.length;
    const lines = (this.#rest + added.toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line.trim() !== '');
  }
}
