import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { CheckResult } from '../../../provision/checks/check.ts';
import { openEnvironment } from '../../../stack/open.ts';
import type { Stack } from '../../../stack/types.ts';
import { type Lookout, lookout } from '../../local/lookout.ts';
import { clusterOfTests } from '../apply/support.ts';
import { type Demonstration, installDemonstration } from '../support/demonstration.ts';
import { temporaryNamespace } from '../support/kubectl.ts';
import { mirrorImages, placeFakeGrafana, removeImages } from '../support/mirror.ts';
import { writeEnvironment } from './environment.ts';

/** A stack that watches a demonstration in a namespace of its own, installed as a user installs it. */
export interface Living {
  readonly namespace: string;
  /** Path of the environment's folder. */
  readonly environment: () => string;
  readonly stack: () => Stack;
  readonly demonstration: () => Demonstration;
  /** A command line of Lookout in a process of its own. */
  readonly start: (...args: readonly string[]) => Lookout;
  /** The same to its end: what it printed; fails with that when its exit code is another. */
  readonly run: (args: readonly string[], code?: number) => Promise<string>;
  /** The results of `lookout verify`, by name. */
  readonly verify: (...args: readonly string[]) => Promise<ReadonlyMap<string, CheckResult>>;
  /** Waits until every check passes. */
  readonly untilWell: () => Promise<void>;
  /** Waits until just these checks fail, and still do a moment later; gives what fails then, or in the end. */
  readonly untilFailed: (checks: readonly string[], ...args: readonly string[]) => Promise<Failures>;
  /** Messages that have arrived in the inbox. */
  readonly messages: () => Promise<readonly Message[]>;
  /** Verifies against an environment that differs and was not applied. */
  readonly withEnvironment: <Result>(edit: (yaml: string) => string, work: () => Promise<Result>) => Promise<Result>;
}

export interface Message {
  readonly kind: 'mail' | 'slack';
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Milliseconds for which the tests wait. */
const patience = 170_000;
const root = join(import.meta.dirname, '../../..');

/**
 * Sets everything up before the tests of a file, and takes it away after them.
 * @param exporter its section of the environment.
 */
export function livingStack(exporter = '{}'): Living {
  const namespace = temporaryNamespace();
  // Images of its own, so that Alertmanager's can trust the authority of its own demonstration.
  const registry = `lookout.local/${namespace}`;
  const cluster = clusterOfTests();
  const folder = mkdtempSync(join(tmpdir(), 'lookout-living-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterAll(() => removeImages(registry));
  let demonstration: Demonstration;
  let environment: string;
  const open = () =>
    openEnvironment({ name: environment, root, cwd: root, env: {}, state: () => '/none' }).stacks[0]!.stack;
  beforeAll(() => {
    demonstration = installDemonstration(namespace, folder);
    environment = writeEnvironment(folder, namespace, demonstration, { registry, exporter });
    placePinned(open(), registry, demonstration.authority);
  });
  const start = (...args: readonly string[]) => lookout(args, { KUBECONFIG: inject('cluster').kubeconfig });
  const finish = async (started: Lookout, code: number) => {
    const ended = await started.ended;
    expect(ended, started.output()).toBe(code);
    return started.output();
  };
  const verify = async (...args: readonly string[]) => {
    const verifying = start('verify', environment, '--json', ...args);
    await verifying.ended;
    const { results } = JSON.parse(verifying.output()) as { results: readonly CheckResult[] };
    return new Map(results.map((result) => [result.name, result]));
  };
  const untilFailed = async (checks: readonly string[], ...args: readonly string[]) => {
    const end = Date.now() + patience;
    const needed = checks.length === 0 ? 1 : 2;
    let times = 0;
    for (;;) {
      const failed = failures(await verify(...args));
      times = String(Object.keys(failed)) === String(checks) ? times + 1 : 0;
      if (times === needed || Date.now() > end) return failed;
    }
  };
  return {
    namespace,
    environment: () => environment,
    stack: open,
    demonstration: () => demonstration,
    start,
    run: (args, code = 0) => finish(start(...args), code),
    verify,
    untilWell: async () => {
      const failed = await untilFailed([]);
      if (Object.keys(failed).length > 0)
        throw new Error(`not well after ${patience / 1000} s: ${JSON.stringify(failed, null, 2)}`);
    },
    untilFailed,
    messages: async () => {
      const way = await cluster.portForward(namespace, { kind: 'service', name: 'inbox' }, 8025);
      const response = await fetch(`http://${way.host}:${way.port}/api/messages`);
      const found = (await response.json()) as readonly Message[];
      await way.close();
      return found;
    },
    withEnvironment: async (edit, work) => {
      const file = join(environment, 'environment.yaml');
      const written = readFileSync(file, 'utf8');
      writeFileSync(file, edit(written));
      try {
        return await work();
      } finally {
        writeFileSync(file, written);
      }
    },
  };
}

/** The images that the stack pins, from what the node has under their own names; Grafana is the fake one. */
function placePinned(stack: Stack, registry: string, authority: string): void {
  const settings = stack.cluster!;
  const unmirrored = { ...settings, images: { ...settings.images, registry: null } };
  const names = ['prometheus', 'alertmanager', 'configReloader', 'node'] as const;
  mirrorImages(
    names.map((name) => image(name, stack, unmirrored)),
    registry,
    authority,
  );
  placeFakeGrafana(image('grafana', stack, settings));
}

/** The findings of each check that failed. */
export type Failures = Readonly<Record<string, readonly string[]>>;

/** What failed, with its evidence: empty when everything is well. */
export function failures(results: ReadonlyMap<string, CheckResult>): Failures {
  return Object.fromEntries(
    [...results.values()]
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name, findings }) => [
        name,
        findings.filter(({ ok }) => !ok).map(({ subject, evidence }) => `${subject}: ${evidence}`),
      ]),
  );
}
