interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for `min`, `min + 1` and so on. */
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { name: 'day of week', min: 0, max: 7, names: 'sun mon tue wed thu fri sat'.split(' ') },
];

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const entry = /^(?:(?<any>[*?])|(?<from>[a-z0-9]+)(?:-(?<to>[a-z0-9]+))?)(?:\/(?<step>\d+))?$/i;

/**
 * The first field of a cron expression that crontab(5) and Kubernetes do not understand, as a message; undefined when
 * there is none. Extensions that only some schedulers know (`L`, `W`, `#`, seconds, `@every`) are refused.
 */
export function cronFieldProblem(expression: string): string | undefined {
  const text = expression.trim();
  if (text.startsWith('@')) {
    return text in nicknames ? undefined : `unknown nickname "${text}"; known are ${Object.keys(nicknames).join(', ')}`;
  }
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fields.length) {
    const names = fields.map((field) => field.name).join(', ');
    return `a cron schedule has five fields (${names}), found ${parts.length} in "${expression}"`;
  }
  for (const [index, field] of fields.entries()) {
    const problem = fieldProblem(field, parts[index] ?? '');
    if (problem !== undefined) return `${field.name}: ${problem}`;
  }
  return undefined;
}

/** The expression in the form that croner reads as crontab(5) and Kubernetes do: no nickname, no `?`, no bare `n/step`. */
export function standardCron(expression: string): string {
  const text = expression.trim();
  const parts = (nicknames[text] ?? text).split(/\s+/);
  return parts
    .map((part, index) =>
      part
        .replaceAll('?', '*')
        .replace(/(?<=^|,)([a-z0-9]+)(?=\/)/gi, `$1-${fields[index]?.name === 'day of week' ? 6 : fields[index]?.max}`),
    )
    .join(' ');
}

function fieldProblem(field: Field, text: string): string | undefined {
  for (const part of text.split(',')) {
    const problem = entryProblem(field, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function entryProblem(field: Field, text: string): string | undefined {
  const groups = entry.exec(text)?.groups;
  if (groups === undefined) return `"${text}" is not understood; use *, a number, a range a-b, a step */n, or a list`;
  const { any, from, to, step } = groups;
  const size = field.name === 'day of week' ? 7 : field.max - field.min + 1;
  if (step !== undefined && (Number(step) < 1 || Number(step) > size)) {
    return `the step of "${text}" must lie between 1 and ${size}`;
  }
  if (any !== undefined) return undefined;
  const bounds = [from, to].filter((bound) => bound !== undefined);
  for (const bound of bounds) {
    if (valueIn(field, bound) === undefined) return `"${bound}" is ${expectation(field)}`;
  }
  const [low, high] = bounds.map((bound) => valueIn(field, bound) ?? 0);
  return low !== undefined && high !== undefined && low > high ? `the range ${text} runs backwards` : undefined;
}

function valueIn(field: Field, text: string): number | undefined {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return field.min + named;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}

function expectation({ min, max, names }: Field): string {
  const range = `not between ${min} and ${max}`;
  return names.length === 0 ? range : `${range}, nor one of ${names.join(', ')}`;
}
