import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
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

/** Gives the tests the cluster that KUBECONFIG and LOOKOUT_TEST_CONTEXT name, else starts one, which it ends again. */
export function setup(project: TestProject): (() => void) | undefined {
  const { KUBECONFIG: kubeconfig, LOOKOUT_TEST_CONTEXT: named } = process.env;
  if (named !== undefined) {
    if (kubeconfig === undefined)
      throw new Error('LOOKOUT_TEST_CONTEXT is set: set KUBECONFIG to the file that holds it');
    project.provide('cluster', { kubeconfig, context: named, own: false });
    return undefined;
  }
  const running = isThere();
  if (!running) start();
  const printed = execFileSync(script, ['env'], { encoding: 'utf8' });
  project.provide('cluster', { kubeconfig: printed.trim().replace('export KUBECONFIG=', ''), context, own: true });
  return running ? undefined : () => void execFileSync(script, ['down'], { stdio: 'inherit' });
}

/**
 * Whether a node runs already. One whose API server is just away, because another run tries an outage, is waited for; it is
 * somebody else's, so it is never ended here.
 */
function isThere(): boolean {
  for (let tries = 0; tries < 60; tries += 1) {
    const { status, stderr } = spawnSync(script, ['status'], { encoding: 'utf8' });
    if (status === 0) return true;
    if (stderr.includes('cluster: not up')) return false;
    spawnSync('sleep', ['2']);
  }
  throw new Error(`a node is there that does not answer: end it with "${script} down" and run the tests again`);
}

/** What could not be started whole is ended again: half a cluster would be in the way of the next one. */
function start(): void {
  try {
    execFileSync(script, ['up'], { stdio: 'inherit' });
  } catch (error) {
    execFileSync(script, ['down'], { stdio: 'inherit' });
    throw new Error(
      'could not start a cluster of the test: name another one with KUBECONFIG and LOOKOUT_TEST_CONTEXT',
      {
        cause: error,
      },
    );
  }
}
