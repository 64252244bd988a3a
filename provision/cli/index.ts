import type { Command } from './command.ts';
import { environmentArgument, environmentOptions, localArgument, localOptions } from './environment-options.ts';

/** Every command, in the order in which `--help` shows them. */
export const commands: readonly Command[] = [
  {
    name: 'up',
    summary: 'bring a local stack up and keep it running until Ctrl-C',
    args: [localArgument],
    options: [...localOptions],
    load: () => import('./up.ts'),
  },
  {
    name: 'incident',
    summary: 'break the demonstration of a running local stack and see the alert arrive; "clear" puts everything back',
    args: [{ name: '[incident]', text: 'name of an incident, "clear" or "list"', default: 'list' }],
    options: [
      ...localOptions,
      { flags: '--json', text: 'the list, or the chain as it was last, as JSON' },
      { flags: '--no-wait', text: 'do not wait for the messages' },
    ],
    load: () => import('./incident.ts'),
  },
  {
    name: 'verify',
    summary: 'prove that a running local stack works, with evidence; exit code 1 when a proof fails',
    args: [localArgument],
    options: [
      ...localOptions,
      { flags: '--deliver', text: 'also send one test message to each receiver and see it arrive' },
      { flags: '--all', text: 'show the evidence of everything, not only of what failed' },
      { flags: '--json', text: 'results with all evidence, as JSON' },
    ],
    load: () => import('./verify.ts'),
  },
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
  {
    name: 'build',
    summary: 'write the outputs of one environment, or of all, to dist/',
    args: [{ name: '[environment]', text: `${environmentArgument.text}; default: all below environments/` }],
    options: [
      ...environmentOptions,
      { flags: '--dist <directory>', text: 'where the outputs go (default: dist/ in the checkout)' },
      { flags: '--only <part>', text: 'only dashboards, or only rules' },
      { flags: '--json', text: 'what was written, as JSON' },
    ],
    load: () => import('./build.ts'),
  },
  {
    name: 'why',
    summary: 'tell why an alert is in force or left out, with its runbook; without an alert, all that is left out',
    args: [environmentArgument, { name: '[alert]', text: 'name of an alert' }],
    options: [...environmentOptions],
    load: () => import('./why.ts'),
  },
];

export const groups: Readonly<Record<string, string>> = {
  env: 'check and explain an environment',
  alerts: 'send test alerts through the real path',
};
