import { eventOf } from './scene.ts';
import type { Cause, ContainerStatus, Pod, Scene } from './types.ts';

/** A cause inside a pod; the caller adds which pod and the command. */
export interface Found extends Pick<Cause, 'text' | 'ends'> {
  /** Of which container the last lines say more. */
  readonly logOf?: { readonly container: string; readonly previous: boolean };
}

/** So many ends of a container are no accident. */
const manyRestarts = 3;

/** What keeps the containers of a pod from being ready: the first that is stopped by something, in the order in which they start. */
export function containerCause(pod: Pod, scene: Scene): Found | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const causes = [...initContainerStatuses, ...containerStatuses]
    .filter(({ ready, state }) => !ready && state?.terminated?.exitCode !== 0)
    .map((container) => causeOf(container, pod, scene));
  return causes.find((cause) => cause !== undefined);
}

/** It runs, but not for long enough to count: what ended it before, or that nothing asks whether it is ready. */
export function unsteadyCause(container: ContainerStatus | undefined): Found | undefined {
  if (container === undefined) return undefined;
  const before = ended(container);
  const text = before === undefined ? 'has only just started' : `runs again, but ${before.text}`;
  return { ...before, text: `container ${container.name}: ${text}`, ends: 'never' };
}

function causeOf(container: ContainerStatus, pod: Pod, scene: Scene): Found | undefined {
  const { state = {} } = container;
  const found =
    state.waiting === undefined
      ? state.terminated === undefined
        ? running(pod, scene)
        : ended(container)
      : waiting(container, state.waiting, pod, scene);
  return found === undefined ? undefined : { ...found, text: `container ${container.name}: ${found.text}` };
}

function waiting(
  container: ContainerStatus,
  { reason = '', message = '' }: { readonly reason?: string; readonly message?: string },
  pod: Pod,
  scene: Scene,
): Found | undefined {
  if (pulls.includes(reason)) return pull(container.image, reason, message, pod, scene);
  if (reason === 'CrashLoopBackOff') return ended(container);
  if (reason === 'CreateContainerConfigError' || reason === 'CreateContainerError')
    return { text: `cannot be made: ${message}`, ends: 'soon' };
  if (reason === 'RunContainerError') return { text: `cannot be started: ${message}`, ends: 'now' };
  return reason === 'ContainerCreating' || reason === 'PodInitializing' || reason === ''
    ? undefined
    : { text: `${reason}: ${message}`, ends: 'never' };
}

const pulls: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
];

/** A registry that says "not found", or fails twice, will not change its mind soon. */
function pull(image: string, reason: string, message: string, pod: Pod, scene: Scene): Found {
  const failure = eventOf(scene, pod.metadata.uid, 'Failed', 'ErrImageNeverPull', 'InspectFailed')?.message ?? message;
  const backOff = eventOf(scene, pod.metadata.uid, 'BackOff');
  const never = reason === 'ErrImageNeverPull' || reason === 'InvalidImageName';
  const final = never || /not found|manifest unknown/i.test(`${message} ${failure}`) || (backOff?.count ?? 0) >= 2;
  const why = [message, failure].find((text) => text !== '' && !text.startsWith('Back-off')) ?? reason;
  return { text: `the image ${image} cannot be pulled: ${why}`, ends: final ? 'now' : 'never' };
}

/** It ended, and it is not the first time or it will be started again. */
function ended({ name, state = {}, lastState = {}, restartCount }: ContainerStatus): Found | undefined {
  const end = state.terminated ?? lastState.terminated;
  if (end === undefined) return undefined;
  const { reason = 'Error', exitCode, message } = end;
  if (reason === 'StartError' || reason === 'ContainerCannotRun')
    return { text: `cannot be started: ${message ?? reason}`, ends: 'now' };
  const how =
    reason === 'OOMKilled' ? 'was killed, as it used more memory than its limit' : `ended with exit code ${exitCode}`;
  const often = restartCount === 0 ? '' : `, ${restartCount + 1} times`;
  const text = message === undefined ? `${how}${often}` : `${how}${often}: ${message.trim()}`;
  return {
    text,
    ends: restartCount >= manyRestarts - 1 ? 'now' : 'never',
    logOf: { container: name, previous: state.terminated === undefined },
  };
}

/** It runs and is not ready: only an event tells what its probe saw. */
function running(pod: Pod, scene: Scene): Found | undefined {
  const probe = eventOf(scene, pod.metadata.uid, 'Unhealthy');
  return probe?.message === undefined ? undefined : { text: `runs, but ${probe.message.trim()}`, ends: 'never' };
}
