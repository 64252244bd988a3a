import type { Command } from './command.ts';
import { environmentArgument, environmentOptions } from './environment-options.ts';

/** Every command, in the order in which `--help` shows them. */
export const commands: readonly Command[] = [
  {
    name: 'env check',
    summary: 'list every mistake of an environment with its line, or say that there is none',
    args: [environmentArgument],
    options: [...environmentOptions, { flags: '--json', text: 'problems as JSON' }],
    load: () => import('./env-check.ts'),
  },
  {
    name: 'env explain',
    summary: 'show every value of a stack and where it came from',
    args: [environmentArgument],
    options: [...environmentOptions, { flags: '--json', text: 'stacks and origins as JSON' }],
    load: () => import('./env-explain.ts'),
  },
];

export const groups: Readonly<Record<string, string>> = {
  env: 'check and explain an environment',
  alerts: 'send test alerts through the real path',
};
