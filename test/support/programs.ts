import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of one generation of Prometheus and Alertmanager. */
export interface Generation {
  readonly name: string;
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
  readonly amtool: string;
}

/** What this machine has installed: on Debian 12 Prometheus 2.42 and Alertmanager 0.25. */
export const installed: Generation = {
  name: 'installed',
  prometheus: find('prometheus'),
  promtool: find('promtool'),
  alertmanager: find('prometheus-alertmanager', 'alertmanager'),
  amtool: find('amtool'),
};

/**
 * A newer generation (Prometheus 3, Alertmanager 0.33) from the directory in LOOKOUT_NEWER_BIN; undefined when it is not set:
 * tests then say that they left it out.
 */
export const newer: Generation | undefined = newerGeneration(process.env['LOOKOUT_NEWER_BIN']);

/** Every generation that can be tested here, for `describe.each`. */
export const generations: readonly Generation[] = newer === undefined ? [installed] : [installed, newer];

/** Runs a program to its end and gives what it printed on both channels; throws with that text when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`, { cause });
  }
}

/** Whether a program is on the PATH, for tests that say that they were left out without it. */
export function isInstalled(program: string): boolean {
  return existsSync(find(program));
}

function newerGeneration(bin: string | undefined): Generation | undefined {
  if (bin === undefined || bin === '') return undefined;
  const at = (program: string) => join(bin, program);
  return {
    name: 'newer',
    prometheus: at('prometheus'),
    promtool: at('promtool'),
    alertmanager: existsSync(at('alertmanager')) ? at('alertmanager') : at('prometheus-alertmanager'),
    amtool: at('amtool'),
  };
}

function find(...names: readonly string[]): string {
  return locate(...names) ?? names[0] ?? '';
}

/** Path of the first of these programs that PATH has; undefined when it has none. */
export function locate(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((place) => existsSync(place));
}
