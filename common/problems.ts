/** One thing wrong with what the user wrote, at its place. */
export interface Problem {
  /** Path of the file as the user named it. */
  readonly file: string;
  readonly line: number | null;
  /** Where inside the document, e.g. `backups[0].schedule`. */
  readonly path: string;
  /** What was found and what is allowed, in one sentence. */
  readonly message: string;
}

/** The user's mistakes, all at once. Commands print them one a line and exit with 1. */
export class ProblemsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ProblemsError';
    this.problems = problems;
  }
}

/** `file:line: path: message`, the form that editors and terminals link. */
export function formatProblem({ file, line, path, message }: Problem): string {
  const place = line === null ? file : `${file}:${line}`;
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

/** A mistake outside any document (a missing program, an occupied port): exit code 1, no stack trace. */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
  }
}
