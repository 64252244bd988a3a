import type { KubernetesObject } from '../../../k8s/types.ts';

/** The API server of one context, as everything in `provision/` speaks with it. */
export interface Cluster {
  /** Name of the kubeconfig's context. */
  readonly context: string;
  /** The API server's address. */
  readonly server: string;
  /**
   * Sends one request. Answers 429, 503 and 504 and lost connections are tried again; before the API server has answered
   * once for a few seconds, later for minutes.
   * @throws ApiError for every other answer from 400 on; UserError when the server is out of reach.
   */
  readonly send: (request: ApiRequest) => Promise<ApiAnswer>;
  /** What the API server calls a kind; undefined when it does not serve it. */
  readonly resource: (kind: Kind) => Promise<Resource | undefined>;
  /** Forgets which kinds are served, once definitions were added. */
  readonly forgetKinds: () => void;
  /** A local address that leads to a port of a pod, or of the first ready pod behind a Service. */
  readonly portForward: (namespace: string, target: ForwardTarget, port: number | string) => Promise<PortForwarding>;
  readonly close: () => Promise<void>;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  readonly subject: Subject;
}

/** What a request is about: errors name it. */
export interface Subject {
  /** The verb as RBAC has it, e.g. `patch`. */
  readonly verb: string;
  /** Plural with group, e.g. `deployments.apps`; for other paths the path. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Texts of the API server about it may quote secret values: they are never shown. */
  readonly secret: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed when it is JSON, else text. */
  readonly body: unknown;
  /** Texts of the answer's Warning headers: Pod Security, deprecations. */
  readonly warnings: readonly string[];
}

/** A kind as objects name it. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** e.g. `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** One object by its name. `namespace` is absent for objects of the cluster. */
export interface ObjectReference extends Kind {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** An object as the API server returns it. */
export interface LiveObject extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly OwnerReference[];
    readonly managedFields?: readonly ManagedFields[];
  };
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Source: Kubernetes API reference, ManagedFieldsEntry. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

export interface ForwardTarget {
  readonly kind: 'pod' | 'service';
  readonly name: string;
}

export interface PortForwarding {
  /** `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  /** Why connections came to nothing last (no ready pod, a refused port); undefined when none did. */
  readonly problem: () => string | undefined;
  readonly close: () => Promise<void>;
}
