import { spawn } from 'node:child_process';

/** A program on a terminal of its own. */
export interface OnTerminal {
  /** Everything that the terminal got so far. */
  readonly output: () => string;
  /** What a person types; `\u0003` is Ctrl-C. */
  readonly type: (keys: string) => void;
  readonly ended: Promise<number>;
}

/**
 * Runs a program on a pseudo-terminal of so many columns, both channels on it. Source: script(1) of util-linux, which gives its
 * exit code with `-e`.
 */
export function onTerminal(
  command: readonly string[],
  columns: number,
  env: Readonly<Record<string, string | undefined>> = {},
): OnTerminal {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${columns} rows 24; exec ${quoted}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm', ...env },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { output: () => output, type: (keys) => void child.stdin.write(keys), ended };
}

export interface Screen {
  readonly lines: readonly string[];
  readonly cursor: boolean;
}

/**
 * What stands on an endless terminal after these bytes. It knows what our programs write and refuses the rest. Source: ECMA-48,
 * CUU, CHA, ED and SGR; xterm's private mode 25 for the cursor.
 */
export function screenOf(output: string): Screen {
  let [lines, row, column, cursor] = [[''], 0, 0, true] as [string[], number, number, boolean];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is told by
  for (const [part] of output.matchAll(/\u001b\[[?0-9;]*[A-Za-z]|[\s\S]/gu)) {
    const [, count = '', command = ''] = /^\[(\??[0-9;]*)([A-Za-z])$/.exec(part.slice(1)) ?? [];
    if (part === '\r') column = 0;
    else if (part === '\n') row += 1;
    else if (command === '') {
      const before = lines[row] ?? '';
      lines[row] = before.slice(0, column).padEnd(column) + part + before.slice(column + 1);
      column += 1;
    } else if (command === 'A') row -= Number(count || 1);
    else if (command === 'G') column = Number(count || 1) - 1;
    else if (command === 'J') lines = [...lines.slice(0, row), (lines[row] ?? '').slice(0, column)];
    else if (count === '?25') cursor = command === 'h';
    else if (command !== 'm') throw new Error(`the terminal of the tests does not know ${JSON.stringify(part)}`);
    while (lines.length <= row) lines.push('');
  }
  return { lines, cursor };
}
