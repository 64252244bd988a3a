import type { Command } from './command.ts';
import {
  contextOption,
  environmentArgument,
  environmentOptions,
  localArgument,
  localOptions,
} from './environment-options.ts';

/** Every command, in the order in which `--help` shows them. */
export const commands: readonly Command[] = [
  {
    name: 'init',
    summary: 'write a first environment into a new folder: for this machine, or from what a cluster runs',
    args: [{ name: '<directory>', text: 'the folder; its name becomes that of the stack' }],
    options: [
      { flags: '--context <name>', text: 'read the cluster of this kubeconfig context; nothing in it is changed' },
      { flags: '--namespace <name>', text: 'with --context: the namespace that is to be watched' },
    ],
    load: () => import('./init.ts'),
  },
  {
    name: 'up',
    summary: 'bring a local stack up and keep it running until Ctrl-C',
    args: [localArgument],
    options: [...localOptions],
    load: () => import('./up.ts'),
  },
  {
    name: 'doctor',
    summary:
      'look for what in a cluster stands in the way, before anything is changed; exit code 1 when something does',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--all', text: 'show the evidence of everything, not only of what failed' },
      { flags: '--json', text: 'results with all evidence, as JSON' },
    ],
    load: () => import('./doctor.ts'),
  },
  {
    name: 'plan',
    summary:
      'show what an apply would change in the cluster, or a build in the files that others apply; exit code 0 nothing, 2 something, 1 it would be refused',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--take <object...>', text: 'as if this object were taken from its other owners, e.g. Deployment/web' },
      { flags: '--adopt', text: "as if what kubectl wrote of these objects before became Lookout's" },
      { flags: '--dist <directory>', text: 'delivery files: where they lie (default: dist/ in the checkout)' },
      { flags: '--json', text: 'changes, conflicts and problems as JSON' },
    ],
    load: () => import('./plan.ts'),
  },
  {
    name: 'apply',
    summary: 'bring the cluster to what the environment says, and wait until everything is ready',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      contextOption,
      {
        flags: '--take <object...>',
        text: 'take the fields of this object from their other owners, e.g. Deployment/web',
      },
      {
        flags: '--adopt',
        text: 'become the owner of what kubectl apply or kubectl create wrote of these objects before; of nothing else',
      },
      { flags: '--timeout <duration>', text: 'how long to wait for what is not ready (default: 5m)' },
      { flags: '--yes', text: 'also when more than half of what is there would be deleted' },
      { flags: '--json', text: 'the result as JSON; progress goes to the error output' },
    ],
    load: () => import('./apply.ts'),
  },
  {
    name: 'destroy',
    summary: 'remove from the cluster what was applied; claims and Secrets stay and are listed',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--delete-data', text: 'claims and Secrets too: what was measured and every credential are lost' },
      { flags: '--yes', text: 'do it; without this it is only told what would go' },
    ],
    load: () => import('./destroy.ts'),
  },
  {
    name: 'release',
    summary: 'stop managing what was applied: everything goes on as it is, listed, and Lookout no longer knows of it',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--yes', text: 'do it; without this it is only told what Lookout would let go of' },
    ],
    load: () => import('./release.ts'),
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
    summary: 'prove that a running stack works, with evidence; exit code 1 when a proof fails',
    args: [localArgument],
    options: [
      ...localOptions,
      contextOption,
      { flags: '--deliver', text: 'also send one test message to each receiver and see it arrive' },
      { flags: '--wait <duration>', text: 'repeat what fails until it passes, for so long, e.g. 2m after an apply' },
      { flags: '--all', text: 'show the evidence of everything, not only of what failed' },
      { flags: '--json', text: 'results with all evidence, as JSON' },
    ],
    load: () => import('./verify.ts'),
  },
  {
    name: 'status',
    summary: 'what runs, firing alerts and where credentials are; exit code 1 when the stack is not up or not well',
    args: [localArgument],
    options: [...localOptions, contextOption, { flags: '--json', text: 'everything as JSON' }],
    load: () => import('./status.ts'),
  },
  {
    name: 'logs',
    summary: 'what the parts of a local stack wrote, of one or of all in the order of time',
    args: [{ name: '[part]', text: 'prometheus, alertmanager, exporter ...; default: all' }],
    options: [
      ...localOptions,
      { flags: '-f, --follow', text: 'go on with what is written from now on' },
      { flags: '-n, --lines <number>', text: 'so many of the last lines (default: 100)' },
      { flags: '--before', text: 'the run before this one' },
    ],
    load: () => import('./logs.ts'),
  },
  {
    name: 'silence',
    summary: 'list the silences of a local stack, make one, or end one',
    args: [localArgument],
    options: [
      ...localOptions,
      { flags: '-m, --matcher <matcher...>', text: 'what is silenced, e.g. alertname=BackupMissed backup=shop' },
      { flags: '--why <text>', text: 'the reason; shown beside the silence' },
      { flags: '--who <name>', text: 'who silences (default: your user name)' },
      { flags: '--for <duration>', text: 'how long (default: 4h)' },
      { flags: '--end <id>', text: 'end this silence now' },
      { flags: '--json', text: 'the list as JSON' },
    ],
    load: () => import('./silence.ts'),
  },
  {
    name: 'credentials show',
    summary: 'where the credentials lie; a value only for a terminal, or with --reveal',
    args: [environmentArgument, { name: '[name]', text: 'only this one' }],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--state <directory>', text: 'where the state of the local stack lies' },
      { flags: '--reveal', text: 'print the values, wherever the output goes' },
    ],
    load: () => import('./credentials-show.ts'),
  },
  {
    name: 'credentials write',
    summary: 'write the Secrets of a stack that others apply as files, encrypted by sops; what is there is kept',
    args: [environmentArgument],
    options: [
      ...environmentOptions,
      { flags: '--dist <directory>', text: 'where the outputs lie (default: dist/ in the checkout)' },
      { flags: '--plain', text: 'in plain text, readable by you only' },
    ],
    load: () => import('./credentials-write.ts'),
  },
  {
    name: 'credentials rotate',
    summary:
      'a new password or token, with the proof that it works and that the old one is refused; platform kubernetes',
    args: [environmentArgument, { name: '<name>', text: 'grafana, prometheus, alertmanager or scrape' }],
    options: [
      ...environmentOptions,
      contextOption,
      { flags: '--dist <directory>', text: 'where the Secrets that others apply lie (default: dist/ in the checkout)' },
    ],
    load: () => import('./credentials-rotate.ts'),
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
    name: 'image',
    summary: 'write an image of the exporter as an archive that containerd and Podman import, without a registry',
    options: [
      { flags: '--output <file>', text: 'where it goes (default: dist/exporter/lookout-exporter.tar in the checkout)' },
      { flags: '--name <reference>', text: 'name of the image (default: localhost/lookout-exporter:<version>)' },
    ],
    load: () => import('./image.ts'),
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
  credentials: 'show, write and rotate credentials',
  alerts: 'send test alerts through the real path',
};
