import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from '../../stack/types.ts';
import type { Programs } from './parts/context.ts';

/**
 * What to tell when the programs of this machine are of another version than the one that the environment is rendered for:
 * expressions and templates then may not mean the same.
 */
export async function versionNotes(
  { prometheus, alertmanager }: Stack,
  programs: Programs,
): Promise<readonly string[]> {
  const found = await Promise.all([versionOf(programs.prometheus), versionOf(programs.alertmanager)]);
  return [
    ...note('Prometheus', 'prometheus', prometheus.version, found[0]),
    ...note('Alertmanager', 'alertmanager', alertmanager.version, found[1]),
  ];
}

function note(title: string, key: string, declared: string, found: string | null): string[] {
  if (found === null || minor(found) === minor(declared)) return [];
  return [`${title} here is ${found}, the environment is for ${declared}: write ${key}.version: ${found}`];
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** `2.42.0` of `prometheus, version 2.42.0+ds (branch: ...)`, printed on either channel; null when it says nothing like it. */
async function versionOf(program: string): Promise<string | null> {
  const { stdout, stderr } = await promisify(execFile)(program, ['--version']);
  return /version (\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? null;
}
