import { UserError } from '../../../common/problems.ts';
import type { SecretName } from '../../../stack/types.ts';
import type { ClusterStack } from '../checks/context.ts';
import { keptCredentials } from '../checks/credentials.ts';
import { rotations } from './rotate/index.ts';

/** One credential: what it is called, where it is, and its value; undefined while it has none. */
export interface ShownCredential {
  readonly name: SecretName;
  readonly place: string;
  readonly value: string | undefined;
}

/**
 * The credentials of a stack in a cluster, or the one of this name: that of a secret, or `grafana`, `prometheus`, ... as
 * `credentials rotate` calls them.
 * @throws UserError when there is none of this name.
 */
export async function shownCredentials(
  { stack, cluster, manifests }: ClusterStack,
  name: string | undefined,
): Promise<readonly ShownCredential[]> {
  const { values, views } = await keptCredentials({ cluster, plans: manifests.secrets }, stack);
  const wanted = rotations.find((each) => each.name === name)?.secret(stack) ?? name;
  const found = views.filter((view) => wanted === undefined || view.name === wanted);
  if (found.length === 0)
    throw new UserError(
      `${stack.name} has no credential ${name} (there are ${views.map((view) => view.name).join(', ')})`,
    );
  return found.map((view) => ({ name: view.name, place: view.problem ?? view.place, value: values[view.name] }));
}
