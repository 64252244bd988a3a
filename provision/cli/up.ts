import { readSelection } from '../local/environment.ts';
import { up } from '../local/up.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout up`: a local stack in the foreground, until it is told to stop. */
export function run(input: Input, shell: Shell): Promise<ExitCode> {
  return up(readSelection(input, shell), shell);
}
