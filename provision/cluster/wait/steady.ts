import type { LiveObject } from '../client/types.ts';
import { currentPodsOf } from './scene.ts';
import type { ContainerStatus, Pod, Scene, State } from './types.ts';

/** Milliseconds for which a container must have run since it was started again. */
const afterRestart = 20_000;
/** Milliseconds for which a container must have run that nothing asks whether it is ready. */
const withoutProbe = 5000;

/**
 * A workload that is ready by its own status, and whether that lasts: Kubernetes calls a container that ends again and again
 * ready in every moment in which it runs, at once when it has no readiness probe.
 */
export function lastingState(workload: LiveObject, state: State, scene: Scene, now: number): State {
  if (state.phase !== 'ready') return state;
  const pod = currentPodsOf(scene, workload).find((one) => isUnsteady(one, now));
  return pod === undefined ? state : { phase: 'waiting', text: 'ready, but not for long enough to count' };
}

export function isUnsteady(pod: Pod, now: number): boolean {
  return unsteadyContainer(pod, now) !== undefined;
}

/** The container that has run for too short a time to be relied on; one that was started again before one that is new. */
export function unsteadyContainer({ spec, status, metadata }: Pod, now: number): ContainerStatus | undefined {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const probed = new Set(
    (spec.containers ?? []).filter(({ readinessProbe }) => readinessProbe !== undefined).map(({ name }) => name),
  );
  return (status?.containerStatuses ?? [])
    .toSorted((one, other) => other.restartCount - one.restartCount)
    .find(({ name, restartCount, state }) => {
      const needed = restartCount > 0 ? afterRestart : probed.has(name) ? 0 : withoutProbe;
      // Clocks that differ by more than that make neither a wait without end nor a failure.
      return Math.abs(now - Date.parse(state?.running?.startedAt ?? '')) < needed;
    });
}
