import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

import type { Block } from './command.ts';

/** What of a terminal a block needs. */
export type Terminal = NodeJS.WritableStream & { readonly columns?: number };

/**
 * Lines at the foot of a terminal that are drawn anew in their place; what else is printed stands above them. The cursor is
 * hidden as long as there are any.
 */
export class LiveBlock implements Block {
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Columns of the terminal now. A line that fills the last one would wrap on some. */
  width(): number {
    return this.#columns() - 1;
  }

  /** @param lines none: the block is gone and the cursor is back. */
  draw(lines: readonly string[]): void {
    this.#erase();
    if (lines.length > 0 && this.#lines.length === 0) this.#terminal.write(hideCursor);
    if (lines.length === 0 && this.#lines.length > 0) this.#terminal.write(showCursor);
    this.#lines = lines;
    this.#write();
  }

  /** Lets something else be printed where the block stands, which goes on below it. */
  above(print: () => void): void {
    this.#erase();
    print();
    this.#write();
  }

  /** One that does not know its size says 0. */
  #columns(): number {
    return Math.max(2, this.#terminal.columns || 80);
  }

  #write(): void {
    this.#terminal.write(this.#lines.map((line) => `${line}\n`).join(''));
  }

  /** A terminal that became narrower has wrapped what was there. */
  #erase(): void {
    if (this.#lines.length === 0) return;
    const columns = this.#columns();
    const rows = this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(visible(line) / columns)), 0);
    moveCursor(this.#terminal, 0, -rows);
    cursorTo(this.#terminal, 0);
    clearScreenDown(this.#terminal);
  }
}

function visible(line: string): number {
  return [...stripVTControlCharacters(line)].length;
}
