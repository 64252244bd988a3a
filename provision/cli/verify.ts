import { allPassed, type CheckResult, runChecks } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { localContext } from '../checks/local.ts';
import { paint } from '../local/announce.ts';
import { openRunning } from '../local/running.ts';
import { readSelection } from '../local/selection.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout verify`: proofs that the stack works, with the evidence of each; sends nothing unless asked to. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { json, deliver, all } = input.options;
  const running = openRunning(readSelection(input, shell), shell);
  const tell = json === true ? () => {} : (result: CheckResult) => tellResult(result, shell, all === true);
  const results = await runChecks(checks, localContext(running, shell.now), { deliver: deliver === true, tell });
  const passed = allPassed(results);
  if (json === true) shell.print(JSON.stringify({ stack: running.stack.name, passed, results }, null, 2));
  else shell.print(verdict(results, deliver === true));
  return passed ? 0 : 1;
}

function tellResult({ title, outcome, reason, findings }: CheckResult, shell: Shell, all: boolean): void {
  const mark = {
    passed: paint(shell, 'green', '✓'),
    failed: paint(shell, 'red', '✗'),
    skipped: paint(shell, 'dim', '-'),
  }[outcome];
  const summary = outcome === 'skipped' ? ` (${reason})` : findings.length > 1 ? ` (${findings.length})` : '';
  shell.print(`${mark} ${title}${summary}`);
  const shown = all ? findings : findings.filter(({ ok }) => !ok || findings.length <= 3);
  for (const { ok, subject, evidence } of shown)
    shell.print(`    ${ok ? '' : paint(shell, 'red', 'failed: ')}${subject}: ${evidence}`);
}

function verdict(results: readonly CheckResult[], delivered: boolean): string {
  const count = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
  return delivered ? counts : `${counts}; nothing was sent (--deliver sends a test message to each receiver)`;
}
