import type { LiveObject, ObjectReference } from '../client/types.ts';
import type { Round } from './table.ts';

/** How far an object is, by its own status alone. */
export interface State {
  readonly phase: 'ready' | 'waiting' | 'failed';
  /** e.g. `0 of 1 ready`; empty when there is nothing to say. */
  readonly text: string;
}

/** Why an object is not ready, as deep as it can be told. */
export interface Cause {
  /** What it is, in one line: pod, container, message. */
  readonly text: string;
  /** With which command a person sees more; empty when the line says all. */
  readonly command: string;
  /** `now`: waiting longer helps nothing; `soon`: so it is when it stays like this for 30 s; `never`: it may pass. */
  readonly ends: 'now' | 'soon' | 'never';
  /** The last lines of a container that ended. */
  readonly log: readonly string[];
}

/** What a namespace shows beside the objects that are waited for. */
export interface Scene {
  readonly pods: readonly Pod[];
  readonly replicaSets: readonly LiveObject[];
  readonly claims: readonly LiveObject[];
  readonly events: readonly Event[];
}

export interface Waiting {
  readonly reference: ObjectReference;
  readonly live: LiveObject | undefined;
  readonly state: State;
}

/** Source: Kubernetes API reference, Pod. */
export interface Pod extends LiveObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name: string; readonly readinessProbe?: object }[];
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode: number; readonly message?: string };
}

/** Source: Kubernetes API reference, Event (core/v1). */
export interface Event extends LiveObject {
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

export interface WaitOptions {
  /** Milliseconds after which what is not ready has failed. */
  readonly patience: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
  /** Shows how far everything is at each look; absent: changes are reported as lines. */
  readonly show?: (round: Round) => void;
  /** Takes secret values out of what containers and events say. */
  readonly redact: (text: string) => string;
}
