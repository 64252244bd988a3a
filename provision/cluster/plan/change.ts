import type { KubernetesObject } from '../../../k8s/types.ts';
import { ApiError } from '../client/errors.ts';
import { type Applied, applyObject, describeObject, fieldManager, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { droppedFields, formerOwners } from './adoption.ts';
import { isFieldConflict, readConflicts } from './conflicts.ts';
import { differences } from './diff.ts';
import { wayAround } from './immutable.ts';
import { equal } from './json.ts';
import { hideValues } from './secrets.ts';
import { strip } from './strip.ts';
import type { Change, Problem } from './types.ts';

export interface Outcome {
  readonly change: Change;
  readonly problems: readonly Problem[];
}

/** What the attempt of one object needs to know beside it. */
export interface Circumstances {
  readonly live: LiveObject | undefined;
  /** Its conflicts are decided in our favour. */
  readonly take: boolean;
  /** It is of this stack, and kubectl wrote it before: whether Lookout becomes the owner. */
  readonly adoptable: boolean;
  readonly adopt: boolean;
  /** The Pod Security level that its namespace enforces; undefined: none, or not known. */
  readonly podSecurity: string | undefined;
}

/** Tries to apply one object without storing it. */
export async function planChange(cluster: Cluster, object: KubernetesObject, around: Circumstances): Promise<Outcome> {
  const { live, take } = around;
  try {
    return outcome(object, around, await applyObject(cluster, object, { dryRun: true, force: take }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isFieldConflict(error)) return withConflicts(cluster, object, around, error);
    if (error.status === 422 && live !== undefined) return aroundRefusal(object, live, error);
    return { change: untried(object, live), problems: [problem(object, error.message)] };
  }
}

/** An object whose namespace or kind comes with this apply. */
export function deferredChange(object: KubernetesObject): Change {
  return {
    ...untried(object, undefined),
    action: 'create',
    notes: ['its namespace or its kind comes with this apply: tried once that is there'],
    deferred: true,
  };
}

export function problem(object: KubernetesObject, message: string): Problem {
  return { object: describeObject(referenceOf(object)), message };
}

export function untried(object: KubernetesObject, live: LiveObject | undefined): Change {
  return {
    reference: referenceOf(object),
    object,
    action: live === undefined ? 'create' : 'update',
    differences: [],
    conflicts: [],
    warnings: [],
    notes: [],
    live,
    adopt: false,
    deferred: false,
  };
}

function outcome(object: KubernetesObject, around: Circumstances, applied: Applied): Outcome {
  const { live, podSecurity } = around;
  const adopt = around.adoptable && around.adopt;
  const { object: dry, warnings } = applied;
  const found = live === undefined ? [] : differences(strip(live), strip(dry), object);
  const owned = live !== undefined && equal(fieldsOf(live), fieldsOf(dry));
  const changed = found.some(({ by }) => by === 'lookout');
  const change: Change = {
    ...untried(object, live),
    action: live === undefined ? 'create' : changed || !owned || adopt ? 'update' : 'none',
    differences: hideValues(object, found),
    warnings,
    notes: [...notesOn(live, changed, owned), ...notesOnAdoption(object, around, dry)],
    adopt,
  };
  return { change, problems: enforced(object, warnings, podSecurity) };
}

function notesOn(live: LiveObject | undefined, changed: boolean, owned: boolean): readonly string[] {
  if (live?.metadata.deletionTimestamp !== undefined) return ['it is being deleted: created again once it is gone'];
  return live !== undefined && !changed && !owned ? ['no value changes: Lookout becomes an owner of its fields'] : [];
}

/** What kubectl owns is not forced away: it passes to Lookout when that is asked for, with what goes then. */
function notesOnAdoption(
  object: KubernetesObject,
  { live, adoptable, adopt }: Circumstances,
  dry: LiveObject,
): readonly string[] {
  if (live === undefined || !adoptable) return [];
  const owners = [...new Set(formerOwners(live, object).map(({ manager = '' }) => manager))].join(' and ');
  if (!adopt)
    return [`it was written with kubectl before (${owners}): --adopt makes Lookout the owner of those fields`];
  const dropped = droppedFields(live, dry, object);
  return [
    `the fields of ${owners} become Lookout's`,
    ...(dropped.length === 0 ? [] : [`what the environment does not have goes: ${dropped.join(', ')}`]),
  ];
}

/** Which fields are ours, by the API server's own bookkeeping. */
function fieldsOf({ metadata }: LiveObject): unknown {
  return metadata.managedFields?.find(({ manager, operation }) => manager === fieldManager && operation === 'Apply')
    ?.fieldsV1;
}

/** All conflicts, and what taking the fields would change. */
async function withConflicts(
  cluster: Cluster,
  object: KubernetesObject,
  around: Circumstances,
  error: ApiError,
): Promise<Outcome> {
  const { change, problems } = await planChange(cluster, object, { ...around, take: true });
  const conflicts = readConflicts(error, around.live, object);
  const owners = new Set(formerOwners(around.live, object).map(({ manager }) => manager));
  const disputed = conflicts.filter(({ manager }) => !(change.adopt && owners.has(manager)));
  return { change: { ...change, conflicts: disputed }, problems };
}

function aroundRefusal(object: KubernetesObject, live: LiveObject, error: ApiError): Outcome {
  const { action, note, differences: found } = wayAround(error, object, live);
  const change = { ...untried(object, live), differences: hideValues(object, found) };
  if (action === null) return { change, problems: [problem(object, note)] };
  return { change: { ...change, action, notes: [note] }, problems: [] };
}

/** Pod Security warns in the dry run of a workload; where the level is enforced, its pods never start. */
function enforced(
  object: KubernetesObject,
  warnings: readonly string[],
  level: string | undefined,
): readonly Problem[] {
  return warnings
    .filter((warning) => level !== undefined && warning.startsWith(`would violate PodSecurity "${level}:`))
    .map((warning) => problem(object, `its pods would be refused: ${warning}`));
}
