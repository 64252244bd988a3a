/** Everything that a command may touch of its process, passed down as a value. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Root of the checkout or installation: where `environments/` and `dist/` lie. */
  readonly root: string;
  /** Whether a person watches: colours and progress on a terminal, plain lines elsewhere. */
  readonly interactive: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A line of the result. */
  readonly print: (line: string) => void;
  /** A line for the person: progress, warnings, errors. */
  readonly report: (line: string) => void;
  /** A block at the foot of the terminal on which progress is told, redrawn in its place; null: there is no terminal. */
  readonly block: Block | null;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Tells of every such signal, the later ones too; gives back how to stop listening. */
  readonly onSignal: (listener: () => void) => () => void;
  /** Number of the parent process now; it changes when the parent dies. */
  readonly parent: () => number;
}

export interface Block {
  /** Columns that a line may take now. */
  readonly width: () => number;
  /** None: the block goes. */
  readonly draw: (lines: readonly string[]) => void;
}

/** Exit codes: 0 done, 1 the user's mistake or a failure, 2 changes or findings. */
export type ExitCode = 0 | 1 | 2;

export interface Input {
  readonly args: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

export type Run = (input: Input, shell: Shell) => Promise<ExitCode>;

/** A command as data; its code is loaded only when it runs, so that `--help` stays quick. */
export interface Command {
  /** One word, or two for a command of a group: `env check`. */
  readonly name: string;
  readonly summary: string;
  /** In commander's notation: `<environment>` required, `[environment]` optional; text explains it. */
  readonly args?: readonly { readonly name: string; readonly text: string; readonly default?: string }[];
  /** In commander's notation: `--json`, `--dist <directory>`. */
  readonly options?: readonly { readonly flags: string; readonly text: string }[];
  readonly load: () => Promise<{ readonly run: Run }>;
}
