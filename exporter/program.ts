import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ProblemsError, UserError } from '../common/problems.ts';
import { startExporter } from './exporter.ts';
import { podAccess } from './kubernetes/access.ts';
import { kubernetesOf, noKubernetes } from './kubernetes/kubernetes.ts';
import { mountinfo } from './model/mounts.ts';
import { Child } from './runner/child.ts';
import { loadSettings } from './settings.ts';
import { jsonLog } from './telemetry/log.ts';

const usage = `Lookout exporter: backups, volumes and certificates as Prometheus metrics.

  node exporter/main.ts --config <file.json>

  --config <file>  the configuration that "lookout build" writes to exporter/exporter.json
  --help           this text`;

/** What the program may touch of its process. */
export interface Shell {
  /** The file that the program was started from; its children start from it too. */
  readonly entry: string;
  readonly version: string;
  /** Environment of the children. */
  readonly env: NodeJS.ProcessEnv;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly print: (text: string) => void;
  readonly report: (text: string) => void;
  /** Aborted when the program is to end. */
  readonly signal: AbortSignal;
}

/** Runs the exporter until the signal aborts. Exit codes: 0 stopped as asked, 1 could not start. */
export async function runExporter(args: readonly string[], shell: Shell): Promise<0 | 1> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) shell.print(usage);
    else if (values.config === undefined) throw new UserError(`--config <file.json> is missing\n\n${usage}`);
    else await serve(values.config, shell);
    return 0;
  } catch (error) {
    shell.report(error instanceof Error ? lines(error) : String(error));
    return 1;
  }
}

async function serve(config: string, { entry, version, env, now, signal }: Shell): Promise<void> {
  const log = jsonLog();
  const access = podAccess(env);
  const exporter = await startExporter(loadSettings(config, env), {
    log,
    version,
    now,
    startChild: () => new Child(entry, env),
    readMounts: () => readFileSync(mountinfo, 'utf8'),
    kubernetes: access === undefined ? noKubernetes : kubernetesOf(access, version),
  });
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  log.info({ signal: signal.reason }, 'stopping');
  await exporter.stop();
}

/** The user's mistakes as lines without a stack, everything else with it. */
function lines(error: Error): string {
  const expected = error instanceof UserError || error instanceof ProblemsError || isArgumentError(error);
  if (!expected) return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.message}\n  because: ${error.cause.message}` : error.message;
}

function isArgumentError(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
