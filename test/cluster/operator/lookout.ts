import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { inject } from 'vitest';
import type { CheckResult } from '../../../provision/checks/check.ts';

const program = resolve(import.meta.dirname, '../../../bin/lookout.mjs');

/** Runs `lookout` as a person does; gives its exit code and what it printed. */
export function lookout(...args: readonly string[]) {
  const { kubeconfig } = inject('cluster');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: kubeconfig },
  });
  return { code: status, printed: stdout, told: stderr };
}

/** What one check of `doctor` or `verify` found wrong, as `subject: evidence`; undefined when it was not made. */
export function failures(
  command: 'doctor' | 'verify',
  directory: string,
  check: string,
): readonly string[] | undefined {
  const result = results(command, directory).find(({ name }) => name === check);
  if (result === undefined || result.outcome === 'skipped') return undefined;
  return result.findings.filter(({ ok }) => !ok).map(({ subject, evidence }) => `${subject}: ${evidence}`);
}

function results(command: string, directory: string): readonly CheckResult[] {
  const { printed, told } = lookout(command, directory, '--json');
  if (printed === '') throw new Error(`lookout ${command}: ${told}`);
  const answer = JSON.parse(printed) as { results: CheckResult[] } | { results: CheckResult[] }[];
  return (Array.isArray(answer) ? answer : [answer]).flatMap((each) => each.results);
}
