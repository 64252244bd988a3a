/** What is read of an API: a collection, or one object of it when `name` is set. */
export interface Resource {
  /** `/api/v1` or `/apis/<group>/<version>`. */
  readonly api: string;
  /** Plural, e.g. `secrets`. */
  readonly resource: string;
  /** Null: of all namespaces, or of none. */
  readonly namespace: string | null;
  readonly name: string | null;
  /** Restricts a collection to what the API can select. */
  readonly fieldSelector?: string;
}

/** The part of every Kubernetes object that reading it needs. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
  };
}

/** `namespace/name`, or the name of what has no namespace. */
export function keyOf({ metadata: { namespace, name } }: ApiObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function collectionPath({ api, resource, namespace }: Resource): string {
  return namespace === null ? `${api}/${resource}` : `${api}/namespaces/${namespace}/${resource}`;
}

/**
 * Path of the watch of a collection from a version on, with bookmarks, so that it can be gone on with after a quiet time.
 */
export function collectionWatchPath(resource: Resource, from: string, seconds: number): string {
  return watchPath(resource, { resourceVersion: from, allowWatchBookmarks: 'true' }, resource.fieldSelector, seconds);
}

/**
 * Path of the watch of one object from any version on. It names the object in a field selector, by which RBAC's
 * `resourceNames` admits it, and asks for no bookmarks: with them API servers since 1.34 take it for a streaming list,
 * which not every storage behind them can serve. Source: Kubernetes documentation, "Using RBAC Authorization", Referring
 * to resources; apiserver v0.34, storage/cacher.
 */
export function objectWatchPath(resource: Resource, name: string, seconds: number): string {
  return watchPath(resource, { resourceVersion: '0' }, `metadata.name=${name}`, seconds);
}

function watchPath(
  resource: Resource,
  from: Record<string, string>,
  selector: string | undefined,
  seconds: number,
): string {
  const query = new URLSearchParams({ watch: 'true', ...from, timeoutSeconds: String(seconds) });
  if (selector !== undefined) query.set('fieldSelector', selector);
  return `${collectionPath(resource)}?${query}`;
}

export function pagePath(resource: Resource, limit: number, next: string | undefined): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (next !== undefined) query.set('continue', next);
  if (resource.fieldSelector !== undefined) query.set('fieldSelector', resource.fieldSelector);
  return `${collectionPath(resource)}?${query}`;
}
