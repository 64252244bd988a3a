import type { SecretName } from '../stack/types.ts';

/** A Kubernetes object as it is sent: plain JSON, no empty maps, lists or nulls that the API server would not store. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  /** Absent on objects of the cluster. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * A Secret that objects refer to by name and that `provision/` fills: values never pass through a pure function. A stack's
 * objects name such a Secret only, and never `kind: Secret`.
 */
export interface SecretPlan {
  readonly name: string;
  readonly namespace: string;
  /** Its keys, which are the file names where it is mounted. */
  readonly entries: Readonly<Record<string, SecretEntry>>;
}

export type SecretEntry =
  /** The value itself. */
  | { readonly kind: 'value'; readonly secret: SecretName }
  /** The `web.config.file` of Prometheus or Alertmanager: the user with the bcrypt hash of the password. */
  | { readonly kind: 'web'; readonly user: string; readonly secret: SecretName }
  /**
   * One argument of the config reloader, read from a file so that the password is in no argument list:
   * `--reload-url=http://<user>:<password>@<address>/-/reload`, both percent-encoded. It is read once, on its start: after the
   * password has changed the pod has to be started again.
   */
  | { readonly kind: 'reload'; readonly user: string; readonly secret: SecretName; readonly address: string }
  /** One or two bearer tokens, one a line: the present one and, while it is rotated, the next. */
  | { readonly kind: 'tokens'; readonly secret: SecretName };

/** Everything of one stack that a cluster gets. */
export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  readonly secrets: readonly SecretPlan[];
}
