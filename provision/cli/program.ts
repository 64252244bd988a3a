import { Command as Program } from 'commander';
import { ProblemsError, UserError } from '../../common/problems.ts';
import type { Command, ExitCode, Input, Shell } from './command.ts';
import { commands, groups } from './index.ts';

/** Parses `argv` (without node and script), runs the one command that it names and gives its exit code. */
export async function runProgram(argv: readonly string[], shell: Shell, version: string): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Program('lookout')
    .description('dashboards, tested alerts and an exporter from one environment')
    .version(version)
    .showHelpAfterError('(lookout --help lists the commands)')
    .configureOutput({
      writeOut: (text) => shell.print(text.trimEnd()),
      writeErr: (text) => shell.report(text.trimEnd()),
    })
    .exitOverride();
  for (const command of commands)
    addCommand(program, command, async (input) => (code = await run(command, input, shell)));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    return failure(error, shell);
  }
  return code;
}

function addCommand(program: Program, command: Command, action: (input: Input) => Promise<unknown>): void {
  const [first = '', second] = command.name.split(' ');
  const parent = second === undefined ? program : group(program, first);
  const sub = parent.command(second ?? first).description(command.summary);
  for (const { name, text, default: value } of command.args ?? []) sub.argument(name, text, value);
  for (const { flags, text } of command.options ?? []) sub.option(flags, text);
  const names = (command.args ?? []).map(({ name }) => name.replaceAll(/[<>[\].]/g, ''));
  sub.action(async () => {
    await action({
      args: Object.fromEntries(names.map((name, index) => [name, sub.args[index] ?? command.args?.[index]?.default])),
      options: sub.opts(),
    });
  });
}

function group(program: Program, name: string): Program {
  const existing = program.commands.find((command) => command.name() === name);
  return existing ?? program.command(name).description(groups[name] ?? name);
}

async function run(command: Command, input: Input, shell: Shell): Promise<ExitCode> {
  const loaded = await command.load();
  return loaded.run(input, shell);
}

/** The user's mistakes are lines without a stack; everything else keeps its stack and its causes. */
function failure(error: unknown, shell: Shell): ExitCode {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof ProblemsError) {
    shell.report(error.message);
    shell.report(error.problems.length === 1 ? '1 problem' : `${error.problems.length} problems`);
  } else if (error instanceof UserError) {
    shell.report(error.message);
    if (error.cause instanceof Error) shell.report(`  because: ${error.cause.message}`);
  } else if (isRefused(error)) shell.report(`this user or this file system does not allow it: ${error.message}`);
  else shell.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

/** The system's own message names the operation and the path. */
function isRefused(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && refusals.includes(String(error.code));
}

const refusals: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR'];

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return (
    error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.')
  );
}
