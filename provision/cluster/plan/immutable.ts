import type { KubernetesObject } from '../../../k8s/types.ts';
import type { ApiError } from '../client/errors.ts';
import type { LiveObject } from '../client/types.ts';
import { groupKind } from '../kinds.ts';
import { differences } from './diff.ts';
import { isMap } from './json.ts';
import { strip } from './strip.ts';
import type { Action, Difference } from './types.ts';

/** What becomes of an object whose change the API server refuses as invalid. */
export interface Way {
  /** null: the change is refused. */
  readonly action: Action | null;
  readonly note: string;
  readonly differences: readonly Difference[];
}

/**
 * Decides by kind and by the paths of the causes; what is not known here is refused. Source: Kubernetes API reference and
 * `references/appliers.md` 3.4.
 */
export function wayAround(error: ApiError, wanted: KubernetesObject, live: LiveObject): Way {
  const found = differences(projected(strip(live), wanted), wanted);
  const fields = error.causes.map(({ field }) => field);
  const way = ways.find(({ kind, fits }) => kind === groupKind(wanted) && fits(fields, error));
  if (way === undefined) return { action: null, note: error.message, differences: found };
  const note = typeof way.note === 'string' ? way.note : way.note(found);
  return { action: way.action, note, differences: found };
}

interface Rule {
  readonly kind: string;
  readonly fits: (fields: readonly string[], error: ApiError) => boolean;
  readonly action: Action | null;
  readonly note: string | ((found: readonly Difference[]) => string);
}

const all = (prefix: string) => (fields: readonly string[]) =>
  fields.length > 0 && fields.every((field) => field === prefix || field.startsWith(`${prefix}.`));
const immutable = (error: ApiError) => error.causes.every(({ message }) => /immutable|forbidden/i.test(message));

const ways: readonly Rule[] = [
  {
    kind: 'Job.batch',
    fits: (fields, error) => all('spec')(fields) && immutable(error),
    action: 'replace',
    note: 'a Job cannot be changed: it is deleted and created',
  },
  ...['RoleBinding', 'ClusterRoleBinding'].map(
    (kind): Rule => ({
      kind: `${kind}.rbac.authorization.k8s.io`,
      fits: all('roleRef'),
      action: 'replace',
      note: 'the role of a binding cannot be changed: it is deleted and created',
    }),
  ),
  {
    kind: 'ConfigMap',
    fits: (_fields, error) => immutable(error),
    action: 'replace',
    note: 'it is immutable: it is deleted and created',
  },
  {
    kind: 'StatefulSet.apps',
    fits: all('spec'),
    action: 'orphan',
    note: (found) => `${fixedFields(found)} cannot be changed: it is deleted and created while its pods go on`,
  },
  ...['Deployment.apps', 'DaemonSet.apps'].map(
    (kind): Rule => ({
      kind,
      fits: all('spec.selector'),
      action: null,
      note: 'its selector cannot be changed; delete it yourself when its pods may stop, and apply again',
    }),
  ),
  {
    kind: 'Service',
    fits: all('spec.clusterIP'),
    action: null,
    note: 'its cluster address cannot be changed; delete it yourself when its clients may lose it, and apply again',
  },
  {
    kind: 'PersistentVolumeClaim',
    fits: all('spec'),
    action: null,
    note: 'a claim can only grow, and only when it is bound and its class allows it: nothing else of it changes without losing its data',
  },
];

/** Source: Kubernetes API reference, StatefulSet: what an update may change. */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** The cause says only `spec`: the fields are found by comparing. */
function fixedFields(found: readonly Difference[]): string {
  const fields = found
    .map(({ path }) => /^spec\.(\w+)/.exec(path)?.[1] ?? '')
    .filter((field) => field !== '' && !changeable.includes(field));
  return fields.length === 0 ? 'what changes in spec' : [...new Set(fields)].map((field) => `spec.${field}`).join(', ');
}

/** What of a live object stands where the wanted one says something: defaults of the server are no differences. */
export function projected(live: unknown, wanted: unknown): unknown {
  if (isMap(live) && isMap(wanted))
    return Object.fromEntries(
      Object.keys(wanted).flatMap((key) => (key in live ? [[key, projected(live[key], wanted[key])]] : [])),
    );
  if (Array.isArray(live) && Array.isArray(wanted) && live.length === wanted.length)
    return live.map((item, index) => projected(item, wanted[index]));
  return live;
}
