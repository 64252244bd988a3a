import type { KubernetesObject } from '../../../k8s/types.ts';
import { describeObject, fieldManager, read, referenceOf } from '../client/objects.ts';
import type { LiveObject } from '../client/types.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { isOfStack, nobody } from '../plan/adoption.ts';
import type { PreflightCheck } from './context.ts';

export const clashes: PreflightCheck = {
  name: 'names',
  title: "no object of somebody else has a name of this stack's",
  run: async ({ cluster, manifests }) => {
    const found = await inParallel(manifests.objects, requestsAtOnce, (object) => read(cluster, referenceOf(object)));
    const others = found.flatMap((live, index) =>
      live === undefined || isOurs(live) || isLetGo(live, manifests.objects[index]) ? [] : [live],
    );
    if (others.length === 0)
      return [{ ok: true, subject: 'names', evidence: `${manifests.objects.length} objects, none of somebody else` }];
    return others.map((live) => ({
      ok: false,
      subject: describeObject(referenceOf(live)),
      evidence: `exists and is kept by ${managers(live)}: rename or remove it, or let its owner go on and do not install this component`,
    }));
  },
};

/** What was ever applied by us, by server-side apply, bears our name among its field managers. */
function isOurs({ metadata }: LiveObject): boolean {
  return (
    metadata.managedFields?.some(({ manager, operation }) => manager === fieldManager && operation === 'Apply') === true
  );
}

/** What `lookout release` has let go of bears the stack's labels, and is kept by nobody. */
function isLetGo(live: LiveObject, object: KubernetesObject | undefined): boolean {
  const owners = (live.metadata.managedFields ?? []).filter(({ subresource }) => subresource !== 'status');
  const isNobodys = owners.some(({ manager }) => manager === nobody);
  return object !== undefined && isNobodys && isOfStack(live, object, { entries: [] });
}

function managers({ metadata }: LiveObject): string {
  const names = new Set((metadata.managedFields ?? []).map(({ manager }) => manager ?? 'somebody'));
  return names.size === 0 ? 'somebody' : [...names].join(', ');
}
