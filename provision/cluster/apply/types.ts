import type { KubernetesObject } from '../../../k8s/types.ts';
import type { ObjectReference } from '../client/types.ts';
import type { InventoryPlace } from '../inventory/types.ts';
import type { Holder } from '../lease/types.ts';
import type { Plan } from '../plan/types.ts';
import type { Round } from '../wait/table.ts';
import type { Unready } from '../wait/wait.ts';

export interface ApplyOptions {
  /**
   * Everything that the cluster is to have of this stack, Secrets included; each object once. Asked again once the lease is
   * held, so that Secrets are as they are then.
   */
  readonly objects: () => Promise<readonly KubernetesObject[]>;
  readonly place: InventoryPlace;
  /** Whether conflicts about an object are decided in our favour. */
  readonly take: (reference: ObjectReference) => boolean;
  /** What kubectl wrote of this stack's objects becomes Lookout's. */
  readonly adopt: boolean;
  /** A person agreed that many objects are deleted. */
  readonly agreed: boolean;
  readonly holder: Holder;
  /** Milliseconds after which what is not ready has failed. */
  readonly patience: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the person wants to stop: nothing more is written, the lease is given back. */
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
  /** Shows what is waited for; absent: changes are reported as lines. */
  readonly show?: (round: Round) => void;
  /** Shows the plan before the first write. */
  readonly showPlan: (plan: Plan) => void;
}

/**
 * `done`: everything is there and ready. `refused`: nothing was written, the plan says why. `unready`: everything was written,
 * some of it did not become ready, and nothing was pruned.
 */
export type ApplyResult =
  | { readonly kind: 'done'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly plan: Plan; readonly reason: string }
  | { readonly kind: 'unready'; readonly plan: Plan; readonly unready: readonly Unready[] };
