import type { Command } from './command.ts';

/** Every command, in the order in which `--help` shows them. */
export const commands: readonly Command[] = [];

export const groups: Readonly<Record<string, string>> = {
  env: 'check and explain an environment',
  alerts: 'send test alerts through the real path',
};
