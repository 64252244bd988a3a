import type { Manifests, SecretPlan } from '../../../../k8s/types.ts';
import type { SecretName, Stack } from '../../../../stack/types.ts';
import type { Finding } from '../../../checks/check.ts';
import type { Reach } from '../../checks/reach.ts';
import type { Cluster } from '../../client/types.ts';
import type { Data, Rotating } from '../stored.ts';

/** Where the values of a stack are kept, and from where they get into the cluster. */
export interface Store {
  readonly data: () => Promise<Data>;
  /** Writes a value, its neighbours and what is made of them in one moment; ends when the cluster has them. */
  readonly write: (secret: SecretName, value: Rotating) => Promise<void>;
}

/** What a rotation works on. */
export interface Ground {
  readonly cluster: Cluster;
  readonly stack: Stack;
  readonly manifests: Manifests;
  readonly plans: readonly SecretPlan[];
  readonly reach: Reach;
  readonly store: Store;
  /** Called before every write. @throws UserError when somebody else works on the stack now. */
  readonly mayWrite: () => Promise<void>;
  /** Tells each step when it is done. */
  readonly tell: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * One credential that can be rotated: next, change, verify, promote. Every step looks first at how far an earlier run came, so
 * that one that was killed is gone on with.
 */
export interface Rotation {
  /** As `credentials rotate` and `show` name it. */
  readonly name: string;
  readonly secret: (stack: Stack) => SecretName;
  /** Gives the proofs: that the new one is accepted, and that the old one is refused. */
  readonly run: (ground: Ground, secret: SecretName) => Promise<readonly Finding[]>;
}
