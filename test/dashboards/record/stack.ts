import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoPaths, demoPaths } from '../../../demo/paths.ts';
import { localPaths } from '../../../provision/local/paths.ts';
import { openEnvironment } from '../../../stack/open.ts';
import type { Stack } from '../../../stack/types.ts';
import { type Generation, run } from '../../support/programs.ts';
import { type PrometheusApi, prometheusApi } from '../proof/api.ts';

const root = resolve(import.meta.dirname, '../../..');
export const recordedEnvironment = join(root, 'test/fixtures/dashboards/recorded');
const collectedEnvironment = join(root, 'test/fixtures/dashboards/collected');
const probedEnvironment = join(root, 'test/fixtures/dashboards/probed');

/** A running local stack. */
export interface RunningStack {
  readonly api: PrometheusApi;
  readonly demo: DemoPaths;
  /** Its state directory. */
  readonly state: string;
  readonly stop: () => Promise<void>;
}

/** The stack whose metrics are recorded, as it is declared for these versions of Prometheus and Alertmanager. */
export function recordedStack(versions: Versions, state = '/state'): Stack {
  return onlyStack(recordedEnvironment, variables(versions), state);
}

/** The stack whose probes are recorded, of a shop at an address `host:port`. */
export function probedStack(versions: Pick<Versions, 'prometheus'>, shop = 'shop.example.com:8080'): Stack {
  return onlyStack(probedEnvironment, { PROMETHEUS_VERSION: versions.prometheus, SHOP: shop }, '/state');
}

/** The stack whose collector and Jaeger are recorded. */
export function collectedStack(versions: Pick<Versions, 'prometheus'>): Stack {
  return onlyStack(collectedEnvironment, { PROMETHEUS_VERSION: versions.prometheus }, '/state');
}

function onlyStack(name: string, env: Readonly<Record<string, string>>, state: string): Stack {
  const { stacks } = openEnvironment({ name, root, cwd: root, env, state: () => state });
  const [only] = stacks;
  if (only === undefined) throw new Error(`${name} declares no stack`);
  return only.stack;
}

export interface Versions {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** What `--version` of the programs says. */
export function versionsOf({ prometheus, alertmanager }: Generation): Versions {
  const version = (program: string) => /version (\d+\.\d+\.\d+)/.exec(run(program, ['--version']))?.[1] ?? '';
  return { prometheus: version(prometheus), alertmanager: version(alertmanager) };
}

/** `lookout up` on a state of its own, with the programs of that generation, until all targets answer. */
export async function startStack(generation: Generation): Promise<RunningStack> {
  const versions = versionsOf(generation);
  const base = mkdtempSync(join(tmpdir(), 'lookout-record-'));
  const paths = localPaths(join(base, 'lookout', recordedStack(versions).name));
  const programs = [dirname(generation.prometheus), dirname(generation.alertmanager), process.env['PATH']];
  const env = { ...process.env, ...variables(versions), XDG_STATE_HOME: base, PATH: programs.join(delimiter) };
  const child = spawn(process.execPath, [join(root, 'bin/lookout.mjs'), 'up', recordedEnvironment], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exit;
    rmSync(base, { recursive: true, force: true });
  };
  for (;;) {
    if (child.exitCode !== null) {
      rmSync(base, { recursive: true, force: true });
      throw new Error(`lookout up ended with exit code ${child.exitCode}`);
    }
    await sleep(1000);
    const api = connect(paths.run, paths.credentials);
    const up = await api?.instant('up == 1', Date.now() / 1000).catch(() => []);
    if (api !== undefined && up?.length === 4) return { api, demo: demoPaths(paths.demo), state: paths.state, stop };
  }
}

/** Undefined until the stack has chosen its ports and made its credentials. */
function connect(runFolder: string, credentials: string): PrometheusApi | undefined {
  try {
    const { prometheus } = JSON.parse(readFileSync(join(runFolder, 'ports.json'), 'utf8')) as { prometheus: number };
    const password = readFileSync(join(credentials, 'prometheus-password'), 'utf8').trim();
    const authorization = `Basic ${Buffer.from(`lookout:${password}`).toString('base64')}`;
    return prometheusApi(`127.0.0.1:${prometheus}`, { authorization });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function variables({ prometheus, alertmanager }: Versions) {
  return { PROMETHEUS_VERSION: prometheus, ALERTMANAGER_VERSION: alertmanager };
}
