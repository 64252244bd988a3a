import type { CheckResult } from '../checks/check.ts';
import { paint } from '../local/announce.ts';
import type { Shell } from './command.ts';

/** One check with its evidence: all of it, or what failed and what a person should know of. */
export function tellCheck({ title, outcome, reason, findings }: CheckResult, shell: Shell, all: boolean): void {
  const mark = {
    passed: paint(shell, 'green', '✓'),
    failed: paint(shell, 'red', '✗'),
    skipped: paint(shell, 'dim', '-'),
  }[outcome];
  const summary = outcome === 'skipped' ? ` (${reason})` : findings.length > 1 ? ` (${findings.length})` : '';
  shell.print(`${mark} ${title}${summary}`);
  const shown = findings.filter(({ ok, remark }) => all || !ok || remark === true || findings.length <= 3);
  for (const { ok, subject, evidence } of shown)
    shell.print(`    ${ok ? '' : paint(shell, 'red', 'failed: ')}${subject}: ${evidence}`);
}

/** How many passed, and whether anything was sent. */
export function verdict(results: readonly CheckResult[], delivered: boolean): string {
  const count = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
  return delivered ? counts : `${counts}; nothing was sent (--deliver sends a test message to each receiver)`;
}
