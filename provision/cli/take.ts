import type { ObjectReference } from '../cluster/client/types.ts';
import type { Plan } from '../cluster/plan/types.ts';
import type { Input } from './command.ts';

/** Whether `--take` names an object: `Deployment/shop/web`, or `Deployment/web` in whatever namespace. */
export function takes(input: Input): (reference: ObjectReference) => boolean {
  const named = taken(input);
  return (reference) => names(reference).some((name) => named.includes(name));
}

/** What `--take` names and a plan does not have, e.g. for a typo. */
export function takenInVain(input: Input, { changes }: Plan): readonly string[] {
  const known = new Set(changes.flatMap(({ reference }) => names(reference)));
  return taken(input).filter((name) => !known.has(name));
}

function taken({ options: { take } }: Input): readonly string[] {
  return Array.isArray(take) ? take : [];
}

function names({ kind, namespace, name }: ObjectReference): readonly string[] {
  return namespace === undefined ? [`${kind}/${name}`] : [`${kind}/${namespace}/${name}`, `${kind}/${name}`];
}
