import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { bundleExporter } from '../../provision/build/exporter/bundle.ts';
import { type Images, loadImages, pulled } from './support/project-images.ts';

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
    images: Images;
    /** Path of the exporter's bundle. */
    bundle: string;
  }
}

const script = join(import.meta.dirname, 'node/cluster');
const context = 'lookout-cluster';
/** Seconds that a cluster which is up already may take until all of it is ready: another test may have stopped a part of it. */
const patience = 240;

/** Gives the tests a cluster, the images of their pods and the exporter's bundle, each made once; takes away what it has made. */
export async function setup(project: TestProject): Promise<() => void> {
  const { cluster, end } = await clusterOf(process.env);
  try {
    const folder = mkdtempSync(join(tmpdir(), 'lookout-cluster-tests-'));
    project.provide('cluster', cluster);
    project.provide('images', cluster.own ? await loadImages() : pulled);
    project.provide('bundle', await writeBundle(folder));
    return () => {
      rmSync(folder, { recursive: true });
      end();
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function writeBundle(folder: string): Promise<string> {
  const path = join(folder, 'exporter.mjs');
  writeFileSync(path, await bundleExporter(resolve(import.meta.dirname, '../..')));
  return path;
}

/** The one that KUBECONFIG and LOOKOUT_TEST_CONTEXT name, else one of the tests' own, which `end` ends when it was started here. */
async function clusterOf({ KUBECONFIG: kubeconfig, LOOKOUT_TEST_CONTEXT: named }: NodeJS.ProcessEnv) {
  if (named !== undefined) {
    if (kubeconfig === undefined)
      throw new Error('LOOKOUT_TEST_CONTEXT is set: set KUBECONFIG to the file that holds it');
    return { cluster: { kubeconfig, context: named, own: false }, end: () => {} };
  }
  const running = up() || !start();
  if (running) await ready();
  process.env['PATH'] = environment('PATH').replace('$PATH', process.env['PATH'] ?? '');
  const cluster = { kubeconfig: environment('KUBECONFIG'), context, own: true };
  return { cluster, end: running ? () => {} : () => void run('down') };
}

/** Whether a cluster is there, also one of which a test has stopped a part: `cluster up` clears away what lies around of one that has ended. */
function up(): boolean {
  return !/not up/.test(spawnSync(script, ['status'], { encoding: 'utf8' }).stderr);
}

/** What `cluster up` exits with when another run has just started one. */
const alreadyUp = 3;

/**
 * With the images that manifests pin; false when somebody else was faster. What could not be started whole is ended again: half a
 * cluster would be in the way of the next one.
 */
function start(): boolean {
  try {
    execFileSync(script, ['up'], { stdio: 'inherit' });
    execFileSync(script, ['monitoring'], { stdio: 'inherit' });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'status' in cause && cause.status === alreadyUp) return false;
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
