import type { KubernetesObject } from '../../../k8s/types.ts';
import type { ApiError } from '../client/errors.ts';
import type { LiveObject } from '../client/types.ts';
import { valueAt } from './field-path.ts';
import type { Conflict } from './types.ts';

/** Any other 409 means that the object changed in between. */
export function isFieldConflict(error: ApiError): boolean {
  return error.status === 409 && error.causes.some(({ reason }) => reason === 'FieldManagerConflict');
}

/** Every field of a refused apply with both values and its owner. Values of a Secret are left out. */
export function readConflicts(
  error: ApiError,
  live: LiveObject | undefined,
  wanted: KubernetesObject,
): readonly Conflict[] {
  return error.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => {
      const { manager, subresource } = ownerIn(message);
      const entry = live?.metadata.managedFields?.find(
        (one) => one.manager === manager && (one.subresource ?? '') === subresource,
      );
      const value = (object: unknown) => (error.subject.secret ? '(not shown)' : valueAt(object, field));
      return {
        path: field,
        live: value(live),
        wanted: value(wanted),
        manager,
        operation: subresource === '' ? (entry?.operation ?? 'Update') : subresource,
        time: entry?.time ?? '',
      };
    });
}

/** `conflict with "kubectl" with subresource "scale" using apps/v1`. */
function ownerIn(message: string): { readonly manager: string; readonly subresource: string } {
  const found = /^conflict with "(?<manager>[^"]*)"(?: with subresource "(?<subresource>[^"]*)")?/.exec(
    message,
  )?.groups;
  return { manager: found?.['manager'] ?? 'somebody', subresource: found?.['subresource'] ?? '' };
}

/** Who a manager is, for a person who must decide. */
export function describeManager({ manager, operation }: Conflict): string {
  if (operation === 'scale' && manager === 'kube-controller-manager') return 'an autoscaler';
  if (manager.startsWith('kubectl')) return `a person with ${manager}`;
  if (['argocd-controller', 'kustomize-controller', 'helm', 'helm-controller'].includes(manager))
    return `${manager}, which deploys it too: only one of the two can`;
  return manager;
}
