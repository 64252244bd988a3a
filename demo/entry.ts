import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';

/** The JSON that `--config <path>` names; it was written by Lookout itself, so its shape is taken as given. */
export function readConfig<Config>(argv: readonly string[]): Config {
  const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new Error('--config <path> is missing: the path of the JSON configuration');
  try {
    return JSON.parse(readFileSync(values.config, 'utf8')) as Config;
  } catch (cause) {
    throw new Error(`could not read the configuration ${values.config}`, { cause });
  }
}

/** Aborted by SIGTERM, SIGINT or SIGHUP, however often they come, and when the supervisor at the other end of IPC is gone. */
export function stopSignal(process: NodeJS.Process): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort(name));
  if (process.connected) process.on('disconnect', () => stop.abort('disconnect'));
  return stop.signal;
}

/** JSON lines to the standard error, each with its level by name. */
export function createLog(): Logger {
  const formatters = { level: (level: string) => ({ level }) };
  return pino({ base: null, messageKey: 'message', formatters }, pino.destination(2));
}

/** Fulfilled when the signal is aborted. */
export async function untilStopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, 'abort');
}

/** Runs a part to its end and gives its exit code; what makes it fail is one line of the log, with its causes. */
export async function runPart(log: Logger, part: () => Promise<void>): Promise<0 | 1> {
  try {
    await part();
    return 0;
  } catch (error) {
    log.fatal({ causes: causesOf(error) }, error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** The messages of an error's causes, the nearest first. */
export function causesOf(error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? [] : [cause instanceof Error ? cause.message : String(cause), ...causesOf(cause)];
}
