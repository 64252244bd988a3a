import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../client/errors.ts';
import { logs } from '../client/objects.ts';
import type { Cluster, ObjectReference } from '../client/types.ts';
import { objectId } from '../inventory/id.ts';
import { groupKind } from '../kinds.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { readLive } from '../plan/live.ts';
import { type Explanation, explain } from './explain.ts';
import { Progress, seconds, type View } from './progress.ts';
import { isObserved, stateOf } from './readiness.ts';
import { readScene } from './scene.ts';
import { lastingState } from './steady.ts';
import { freePod, stuckPods } from './stuck.ts';
import type { Scene, Waiting, WaitOptions } from './types.ts';

/** An object that did not become ready. */
export interface Unready {
  readonly reference: ObjectReference;
  /** Why, in one line with the next command. */
  readonly text: string;
  /** The last lines of the container that ended. */
  readonly log: readonly string[];
}

const poll = 1000;
/**
 * Waits until all objects are ready, and tells what it waits for whenever that changes. Ends early when waiting longer helps
 * nothing.
 */
export async function waitReady(
  cluster: Cluster,
  references: readonly ObjectReference[],
  options: WaitOptions,
): Promise<readonly Unready[]> {
  const progress = new Progress(options);
  let pending = references;
  for (;;) {
    const states = await statesOf(cluster, pending);
    const scenes = await readScenes(cluster, states.filter(mayNotLast));
    const waiting = states
      .map((one) => lasting(one, scenes, options.now()))
      .filter(({ state }) => state.phase !== 'ready');
    await freeStuck(cluster, waiting, scenes, options, progress);
    const views = waiting.map((one) => progress.see(one, explanationOf(one, scenes, options.now())));
    progress.tellReady(pending, waiting);
    options.show?.({ total: references.length, views, elapsed: progress.elapsed() });
    pending = waiting.map(({ reference }) => reference);
    const over = progress.elapsed() > options.patience;
    if (over || views.every(({ hopeless }) => hopeless))
      return inParallel(views, requestsAtOnce, (view) => unready(cluster, view, over, options));
    await sleep(poll, undefined, { signal: options.signal });
  }
}

async function statesOf(cluster: Cluster, references: readonly ObjectReference[]): Promise<readonly Waiting[]> {
  const live = await readLive(cluster, references);
  return references.map((reference) => {
    const object = live.get(objectId(reference));
    if (object instanceof ApiError)
      return { reference, live: undefined, state: { phase: 'ready', text: `cannot be watched: ${object.message}` } };
    if (object !== undefined) return { reference, live: object, state: stateOf(object) };
    // A Job that is gone after its time to live is done.
    const phase = reference.kind === 'Job' ? 'ready' : 'waiting';
    return { reference, live: undefined, state: { phase, text: 'is not there' } };
  });
}

type Scenes = ReadonlyMap<string, Scene>;

async function readScenes(cluster: Cluster, waiting: readonly Waiting[]): Promise<Scenes> {
  const names = [
    ...new Set(waiting.flatMap(({ reference: { namespace } }) => (namespace === undefined ? [] : [namespace]))),
  ];
  return new Map(
    await inParallel(names, requestsAtOnce, async (name) => [name, await readScene(cluster, name)] as const),
  );
}

/** What is not ready needs an explanation, and what has pods may be ready for a moment only. */
function mayNotLast({ reference, state }: Waiting): boolean {
  return state.phase !== 'ready' || workloads.includes(groupKind(reference));
}

const workloads: readonly string[] = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'];

function lasting(one: Waiting, scenes: Scenes, now: number): Waiting {
  const scene = scenes.get(one.reference.namespace ?? '');
  if (scene === undefined || one.live === undefined) return one;
  return { ...one, state: lastingState(one.live, one.state, scene, now) };
}

function explanationOf({ reference, live }: Waiting, scenes: Scenes, now: number): Explanation | undefined {
  const scene = scenes.get(reference.namespace ?? '');
  return scene === undefined || live === undefined || !isObserved(live) ? undefined : explain(live, scene, now);
}

/** A pod must be seen stuck twice: a controller may be about to replace it. */
async function freeStuck(
  cluster: Cluster,
  waiting: readonly Waiting[],
  scenes: Scenes,
  { report }: WaitOptions,
  progress: Progress,
): Promise<void> {
  for (const { reference, live } of waiting) {
    const scene = scenes.get(reference.namespace ?? '');
    if (live === undefined || scene === undefined || live.kind !== 'StatefulSet' || !isObserved(live)) continue;
    for (const pod of stuckPods(live, scene))
      if (progress.isSeenAgain(pod.metadata.uid)) await freePod(cluster, pod, report);
  }
}

async function unready(cluster: Cluster, view: View, over: boolean, options: WaitOptions): Promise<Unready> {
  const { reference, state, waited, hopeless, explanation } = view;
  const late = over && !hopeless ? `not ready within ${seconds(options.patience)}: ` : '';
  const command = explanation === undefined ? '' : `; see ${explanation.command} --context ${cluster.context}`;
  return {
    reference,
    text: `${late}${state}, for ${seconds(waited)}${command}`,
    log: await lastLines(cluster, view, options),
  };
}

/** What cannot be read any more is left out: the line above says what counts. */
async function lastLines(
  cluster: Cluster,
  { reference, explanation }: View,
  { redact }: WaitOptions,
): Promise<readonly string[]> {
  const { logOf } = explanation ?? {};
  if (logOf === undefined) return [];
  const { pod: name, container, previous } = logOf;
  try {
    const text = await logs(cluster, { namespace: reference.namespace ?? '', name }, { container, previous });
    return redact(text).trimEnd().split('\n');
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
