import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

/** The cluster that the tests use. Every use names the context; the current one of a kubeconfig is never taken. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly context: string;
  /** Whether it is the node of `test/cluster/node`, whose parts can be stopped and whose directories lie on this machine. */
  readonly own: boolean;
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: TestCluster;
  }
}

const script = join(import.meta.dirname, 'node/cluster');
const context = 'lookout-cluster';
/** Seconds that a cluster which is up already may take until all of it is ready: another test may have stopped a part of it. */
const patience = 240;

/** Gives the tests the cluster that KUBECONFIG and LOOKOUT_TEST_CONTEXT name, else starts one, which it ends again. */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  const { KUBECONFIG: kubeconfig, LOOKOUT_TEST_CONTEXT: named } = process.env;
  if (named !== undefined) {
    if (kubeconfig === undefined)
      throw new Error('LOOKOUT_TEST_CONTEXT is set: set KUBECONFIG to the file that holds it');
    project.provide('cluster', { kubeconfig, context: named, own: false });
    return undefined;
  }
  const running = up();
  if (running) await ready();
  else start();
  process.env['PATH'] = environment('PATH').replace('$PATH', process.env['PATH'] ?? '');
  project.provide('cluster', { kubeconfig: environment('KUBECONFIG'), context, own: true });
  return running ? undefined : () => void run('down');
}

/** Whether a cluster is there, also one of which a test has stopped a part: `cluster up` clears away what lies around of one that has ended. */
function up(): boolean {
  return !/not up/.test(spawnSync(script, ['status'], { encoding: 'utf8' }).stderr);
}

/** With the images that manifests pin. What could not be started whole is ended again: half a cluster would be in the way of the next one. */
function start(): void {
  try {
    execFileSync(script, ['up'], { stdio: 'inherit' });
    execFileSync(script, ['monitoring'], { stdio: 'inherit' });
  } catch (cause) {
    run('down');
    throw new Error(
      'could not start a cluster, see above: or name another one with KUBECONFIG and LOOKOUT_TEST_CONTEXT',
      {
        cause,
      },
    );
  }
}

/** Waits for a cluster that somebody else has started, and leaves it to them also when it does not answer. */
async function ready(): Promise<void> {
  for (let second = 0; second < patience; second++) {
    if (spawnSync(script, ['status'], { stdio: 'ignore' }).status === 0) return;
    await sleep(1000);
  }
  throw new Error(`the cluster is up and does not answer: see '${script} status', or end it with '${script} down'`);
}

/** What `cluster env` tells to set; `$PATH` when it tells nothing about the path of programs. */
function environment(name: 'KUBECONFIG' | 'PATH'): string {
  return new RegExp(`^export ${name}=(.*)$`, 'm').exec(run('env'))?.[1] ?? '$PATH';
}

function run(command: string): string {
  return execFileSync(script, [command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
