import { setFlagsFromString } from 'node:v8';
import { readSelection } from '../local/selection.ts';
import { up } from '../local/up.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout up`: a local stack in the foreground, until it is told to stop. */
export function run(input: Input, shell: Shell): Promise<ExitCode> {
  keepYoungGenerationSmall();
  return up(readSelection(input, shell), shell);
}

/** This process lives long and does little: V8 would trade tens of megabytes for a speed that nobody notices. */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
