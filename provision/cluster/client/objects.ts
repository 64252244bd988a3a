import { UserError } from '../../../common/problems.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from './errors.ts';
import { versionPath } from './kinds.ts';
import type { Cluster, Kind, LiveObject, ObjectReference, Resource, Subject } from './types.ts';

/** Owner of what we apply, as `managedFields` and conflicts name it. */
export const fieldManager = 'lookout';

export function referenceOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `Deployment shop/web`: how lines name an object. */
export function describeObject({ kind, namespace, name }: Omit<ObjectReference, 'apiVersion'>): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** The object, or undefined when it, its namespace or its kind does not exist. */
export async function read(cluster: Cluster, reference: ObjectReference): Promise<LiveObject | undefined> {
  if ((await cluster.resource(reference)) === undefined) return undefined;
  const { path, subject } = await locate(cluster, reference, 'get');
  try {
    return (await cluster.send({ method: 'GET', path, subject })).body as LiveObject;
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

export interface Selection {
  /** Absent: all namespaces, or objects of the cluster. */
  readonly namespace?: string | undefined;
  readonly labels?: string;
  readonly fields?: string;
}

/** All objects of a kind, read in pages; none when the kind is not served. */
export async function list(cluster: Cluster, kind: Kind, selection: Selection = {}): Promise<readonly LiveObject[]> {
  const resource = await cluster.resource(kind);
  if (resource === undefined) return [];
  const { namespace, labels, fields } = selection;
  const path = collectionPath(kind, resource, namespace);
  const subject = subjectOf(kind, resource, 'list', namespace);
  const found: LiveObject[] = [];
  let next: string | undefined;
  do {
    const query = { limit: '500', continue: next, labelSelector: labels, fieldSelector: fields };
    const { items, metadata } = (await cluster.send({ method: 'GET', path, query, subject })).body as ObjectList;
    // The items of a list carry neither kind nor version.
    for (const item of items) found.push({ ...item, apiVersion: kind.apiVersion, kind: kind.kind });
    next = metadata.continue === '' ? undefined : metadata.continue;
  } while (next !== undefined);
  return found;
}

interface ObjectList {
  readonly items: readonly LiveObject[];
  readonly metadata: { readonly continue?: string };
}

export interface ApplyOptions {
  /** Nothing is stored; the answer is what would be. */
  readonly dryRun?: boolean;
  /** Takes fields from their present owners. */
  readonly force?: boolean;
}

export interface Applied {
  readonly object: LiveObject;
  readonly warnings: readonly string[];
}

/** Server-side apply with strict field validation. */
export async function applyObject(
  cluster: Cluster,
  object: KubernetesObject,
  { dryRun = false, force = false }: ApplyOptions = {},
): Promise<Applied> {
  const { path, subject } = await locate(cluster, referenceOf(object), 'patch');
  const { body, warnings } = await cluster.send({
    method: 'PATCH',
    path,
    query: { ...writing(dryRun), force: force ? 'true' : undefined },
    contentType: 'application/apply-patch+yaml',
    body: object,
    subject,
  });
  return { object: body as LiveObject, warnings };
}

export async function create<Result = LiveObject>(
  cluster: Cluster,
  object: KubernetesObject,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Result> {
  const resource = await served(cluster, object);
  const { namespace, name } = object.metadata;
  const subject = { ...subjectOf(object, resource, 'create', namespace), name };
  const path = collectionPath(object, resource, namespace);
  return (await cluster.send({ method: 'POST', path, query: writing(dryRun), body: object, subject })).body as Result;
}

/** Replaces an object; with `metadata.resourceVersion` only that version of it (else 409). */
export async function replace<Result = LiveObject>(cluster: Cluster, object: KubernetesObject): Promise<Result> {
  const { path, subject } = await locate(cluster, referenceOf(object), 'update');
  return (await cluster.send({ method: 'PUT', path, query: writing(false), body: object, subject })).body as Result;
}

export interface RemoveOptions {
  readonly dryRun?: boolean;
  /** Only this very object, in this version (else 409). */
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** `Orphan` leaves what it owns. Default: `Background`. */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** Deletes an object; false when it was gone already. */
export async function remove(cluster: Cluster, reference: ObjectReference, options: RemoveOptions = {}) {
  if ((await cluster.resource(reference)) === undefined) return false;
  const { path, subject } = await locate(cluster, reference, 'delete');
  const { dryRun = false, uid, resourceVersion, propagation = 'Background' } = options;
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation,
    preconditions: { uid, resourceVersion },
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
  try {
    await cluster.send({ method: 'DELETE', path, body, subject });
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    throw error;
  }
}

/** The last lines that a container wrote; `previous` is its run before this one. */
export async function logs(
  cluster: Cluster,
  pod: { readonly namespace: string; readonly name: string },
  { container, lines = 20, previous = false }: LogOptions,
): Promise<string> {
  const { path, subject } = await locate(cluster, { apiVersion: 'v1', kind: 'Pod', ...pod }, 'get');
  const query = { container, tailLines: String(lines), previous: String(previous) };
  const about = { ...subject, resource: 'pods/log' };
  return String((await cluster.send({ method: 'GET', path: `${path}/log`, query, subject: about })).body);
}

export interface LogOptions {
  readonly container: string;
  readonly lines?: number;
  readonly previous?: boolean;
}

/** @throws UserError when the API server does not serve the kind. */
export async function locate(cluster: Cluster, reference: ObjectReference, verb: string) {
  const resource = await served(cluster, reference);
  const { name, namespace } = reference;
  const path = `${collectionPath(reference, resource, namespace)}/${encodeURIComponent(name)}`;
  const subject: Subject = { ...subjectOf(reference, resource, verb, namespace), name };
  return { path, subject };
}

async function served(cluster: Cluster, kind: Kind): Promise<Resource> {
  const resource = await cluster.resource(kind);
  if (resource !== undefined) return resource;
  throw new UserError(
    `${cluster.context} does not serve ${kind.kind} of ${kind.apiVersion}: its definition is not installed`,
  );
}

function collectionPath({ apiVersion }: Kind, { plural, namespaced }: Resource, namespace: string | undefined): string {
  const within = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${versionPath(apiVersion)}${within}/${plural}`;
}

function subjectOf(kind: Kind, { plural, group }: Resource, verb: string, namespace: string | undefined): Subject {
  const resource = group === '' ? plural : `${plural}.${group}`;
  return { verb, resource, namespace, secret: kind.apiVersion === 'v1' && kind.kind === 'Secret' };
}

function writing(dryRun: boolean) {
  return { fieldManager, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined };
}
