import type { KubernetesObject } from '../../../k8s/types.ts';

/** Who holds a lease, as others are told. */
export interface Holder {
  /** Unique per run: user, host, process and a random part. */
  readonly identity: string;
  /** By which another run on the same machine sees whether this one is alive. */
  readonly process: string;
}

/** The right to write, until it is released or lost. */
export interface HeldLease {
  /** @throws UserError when somebody else has it now. Called before every write. */
  readonly require: () => Promise<void>;
  /** Gives it back; what fails in that is no failure of the work. */
  readonly release: () => Promise<void>;
}

/** Source: Kubernetes API reference, LeaseSpec. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
}

export interface LeaseObject extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly resourceVersion?: string };
  readonly spec: LeaseSpec;
}

export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  readonly holder: Holder;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}
