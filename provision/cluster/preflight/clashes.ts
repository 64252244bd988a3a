import { describeObject, fieldManager, read, referenceOf } from '../client/objects.ts';
import type { LiveObject } from '../client/types.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import type { PreflightCheck } from './context.ts';

export const clashes: PreflightCheck = {
  name: 'names',
  title: "no object of somebody else has a name of this stack's",
  run: async ({ cluster, manifests }) => {
    const found = await inParallel(manifests.objects, requestsAtOnce, (object) => read(cluster, referenceOf(object)));
    const others = found.filter((live) => live !== undefined).filter((live) => !isOurs(live));
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

function managers({ metadata }: LiveObject): string {
  const names = new Set((metadata.managedFields ?? []).map(({ manager }) => manager ?? 'somebody'));
  return names.size === 0 ? 'somebody' : [...names].join(', ');
}
