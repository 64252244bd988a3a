/** Longest value that a line shows. */
const longest = 160;
/** Most lines of a text that are shown. */
const mostLines = 20;

/** A value as one short line. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}

/**
 * The lines in which two texts differ, between what they begin and end with in common; undefined when one of them is not a
 * text of several lines.
 */
export function textDifference(before: unknown, after: unknown): readonly string[] | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  const [one, other] = [before.split('\n'), after.split('\n')];
  if (one.length < 2 && other.length < 2) return undefined;
  const head = commonStart(one, other);
  const tail = commonStart(one.slice(head).toReversed(), other.slice(head).toReversed());
  const removed = one.slice(head, one.length - tail).map((line) => `- ${cut(line)}`);
  const added = other.slice(head, other.length - tail).map((line) => `+ ${cut(line)}`);
  const all = [...removed, ...added];
  const place = `line ${head + 1}:`;
  if (all.length <= mostLines) return [place, ...all];
  return [place, ...all.slice(0, mostLines), `… ${removed.length} lines become ${added.length}`];
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((line, index) => line !== other[index]);
  return end < 0 ? one.length : end;
}

function cut(line: string): string {
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
