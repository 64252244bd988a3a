import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemsError, UserError } from '../common/problems.ts';
import { startExporter } from './exporter.ts';
import { mountinfo } from './model/mounts.ts';
import { Child } from './runner/child.ts';
import { loadSettings } from './settings.ts';
import { jsonLog } from './telemetry/log.ts';

const usage = `Lookout exporter: backups, volumes and certificates as Prometheus metrics.

  node exporter/main.ts --config <file.json>

  --config <file>  the configuration that "lookout build" writes to exporter/exporter.json
  --help           this text
`;

const here = import.meta.dirname;
const log = jsonLog();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
process.on('disconnect', () => stop.abort('disconnect'));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UserError || error instanceof ProblemsError) console.error(lines(error));
  else log.error({ error }, 'the exporter ends: it met an error that it does not expect');
}
process.exit();

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  if (values.config === undefined) throw new UserError(`--config <file.json> is missing\n\n${usage}`);
  const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8')) as { version: string };
  const exporter = await startExporter(loadSettings(values.config), {
    log,
    version,
    now: () => Date.now() / 1000,
    startChild: () => new Child(join(here, 'reader', 'main.ts')),
    readMounts: () => readFileSync(mountinfo, 'utf8'),
  });
  if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  log.info({ signal: stop.signal.reason }, 'stopping');
  await exporter.stop();
  return 0;
}

/** The user's mistakes as lines for a person, without a stack. */
function lines(error: Error): string {
  return error.cause instanceof Error ? `${error.message}\n  because: ${error.cause.message}` : error.message;
}
