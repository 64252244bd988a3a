import type { KubernetesObject } from '../../../k8s/types.ts';
import type { LiveObject, ObjectReference } from '../client/types.ts';

/** What an apply would do now. */
export interface Plan {
  /** In the order in which they are applied. */
  readonly changes: readonly Change[];
  /** In the order in which they are deleted. */
  readonly prunes: readonly Prune[];
  /** Why an apply is refused: nothing is written while there is one. */
  readonly problems: readonly Problem[];
}

export interface Change {
  readonly reference: ObjectReference;
  /** As it is sent. */
  readonly object: KubernetesObject;
  readonly action: Action;
  readonly differences: readonly Difference[];
  readonly conflicts: readonly Conflict[];
  /** What the API server says about it, e.g. that it would violate Pod Security. */
  readonly warnings: readonly string[];
  /** What a person must know: why it is replaced, that it could be checked against the schema only. */
  readonly notes: readonly string[];
  /** As it is now. */
  readonly live: LiveObject | undefined;
  /** What kubectl wrote of it becomes Lookout's first. */
  readonly adopt: boolean;
  /** It could not be tried yet, as its namespace or its kind comes with this apply. */
  readonly deferred: boolean;
}

/**
 * `replace`: deleted and created, as an immutable field changes. `orphan`: the same, while its pods go on.
 * `grow`: claims made from a template get larger.
 */
export type Action = 'create' | 'update' | 'replace' | 'orphan' | 'grow' | 'none';

export interface Difference {
  /** e.g. `spec.template.spec.containers[grafana].image`. */
  readonly path: string;
  /** undefined: it was not there. */
  readonly before: unknown;
  /** undefined: it goes. */
  readonly after: unknown;
  /** `cluster`: admission in the cluster does this, not Lookout. */
  readonly by: 'lookout' | 'cluster';
}

/** A field that somebody else owns and that we would change. */
export interface Conflict {
  /** As the API server writes it, e.g. `.spec.replicas`. */
  readonly path: string;
  readonly live: unknown;
  readonly wanted: unknown;
  readonly manager: string;
  /** `Apply`, `Update`, or the subresource through which it was written, e.g. `scale`. */
  readonly operation: string;
  /** RFC 3339; empty when it is not known. */
  readonly time: string;
}

/** An object that was ours and that the stack no longer has. */
export interface Prune {
  readonly reference: ObjectReference;
  readonly action: 'delete' | 'keep';
  /** Why it stays; empty when it goes. */
  readonly reason: string;
}

export interface Problem {
  readonly object: string;
  readonly message: string;
}
