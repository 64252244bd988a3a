import type { Problem } from '../../common/problems.ts';
import type { SourceFile } from './files.ts';

/** A problem at the line where the file names `needle`, else at its export. */
export function problemIn(source: SourceFile, needle: string | null, path: string, message: string): Problem {
  return { file: source.file, line: lineNaming(source, needle), path, message };
}

/**
 * What the user's code threw, at the line of their folder where it happened. A module that could not be loaded says where in
 * its stack's first line, or names the import that it misses.
 */
export function thrownIn(source: SourceFile, error: unknown, path: string, doing: string): Problem {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const line =
    lineInStack(source.path, stack) ?? lineNaming(source, /^Cannot find \w+ '([^']+)'/.exec(message)?.[1] ?? null);
  const elsewhere = /^(?:file:\/\/)?(\/\S+):(\d+)$/m.exec(stack.split('\n')[0] ?? '');
  const where = elsewhere === null || elsewhere[1] === source.path ? '' : ` (${elsewhere[1]}:${elsewhere[2]})`;
  return { file: source.file, line, path, message: `${doing}: ${message}${where}` };
}

function lineInStack(path: string, stack: string): number | null {
  const at = stack.indexOf(`${path}:`);
  const [digits] = /^\d+/.exec(stack.slice(at + path.length + 1)) ?? [];
  return at === -1 || digits === undefined ? null : Number(digits);
}

function lineNaming({ text }: SourceFile, needle: string | null): number | null {
  const lines = text.split('\n');
  const quoted = needle === null ? [] : [`'${needle}'`, `"${needle}"`, `\`${needle}\``];
  const names = (line: string) => quoted.some((form) => line.includes(form));
  const candidates = [
    lines.findIndex((line) => names(line) && /\b(name|uid|title|record):/.test(line)),
    lines.findIndex(names),
    lines.findIndex((line) => /^export (const|function|\{)/.test(line)),
  ];
  const index = candidates.find((found) => found !== -1);
  return index === undefined ? null : index + 1;
}
