export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of a part's log, whichever of the three forms it was written in. */
export interface LogLine {
  /** Milliseconds since the epoch; null when the line carries no time. */
  readonly time: number | null;
  readonly level: LogLevel;
  /** What it says, without time and level. */
  readonly text: string;
}

/** Reads a line of JSON (pino), of logfmt (Prometheus, Alertmanager), or plain text (crashes, stack traces). */
export function parseLine(line: string): LogLine {
  return parseJson(line) ?? parseLogfmt(line) ?? parsePlain(line);
}

/** The last line that reports an error, as a person reads it; null when there is none. */
export function lastError(lines: readonly string[]): string | null {
  const found = lines.map(parseLine).findLast(({ level }) => level === 'error');
  return found?.text ?? null;
}

function parseJson(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { level, time, msg, message: said = msg, err, pid: _pid, hostname: _hostname, name: _name, ...rest } = record;
  const cause = errorMessage(err);
  const message = [said, cause === said ? undefined : cause].filter((part) => typeof part === 'string').join(': ');
  const details = Object.entries(rest).map(([key, value]) => `${key}=${plain(value)}`);
  return { time: moment(time), level: pinoLevel(level), text: [message, ...details].filter(Boolean).join(' ') };
}

function errorMessage(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return String(error.message);
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function moment(time: unknown): number | null {
  const value = typeof time === 'number' ? time : typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** Source: pino's documentation, "loggerInstance.level". */
function pinoLevel(level: unknown): LogLevel {
  if (typeof level === 'string') return levelByName[level.toLowerCase()] ?? 'info';
  const number = Number(level);
  return number >= 50 ? 'error' : number >= 40 ? 'warn' : number >= 30 ? 'info' : 'debug';
}

const levelByName: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  fatal: 'error',
};

function parseLogfmt(line: string): LogLine | undefined {
  const pairs = [...line.matchAll(/([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(
    ([, key = '', value = '']) => [key, unquote(value)] as const,
  );
  const { ts, time, level, msg, err } = Object.fromEntries(pairs);
  if (level === undefined || (ts ?? time) === undefined) return undefined;
  const known = ['ts', 'time', 'level', 'msg', 'err', 'error', 'caller', 'source'];
  const details = pairs.filter(([key]) => !known.includes(key)).map(([key, value]) => `${key}=${value}`);
  const error = err ?? Object.fromEntries(pairs)['error'];
  const text = [msg, error].filter((part) => part !== undefined).join(': ');
  return {
    time: moment(ts ?? time),
    level: levelByName[level.toLowerCase()] ?? 'info',
    text: [text, ...details].filter(Boolean).join(' '),
  };
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
}

function parsePlain(line: string): LogLine {
  const failed = /\b(error|fatal|panic|failed|cannot|denied|not found)\b|Error:/i.test(line);
  return { time: null, level: failed && !/^\s+at /.test(line) ? 'error' : 'info', text: line.trim() };
}
