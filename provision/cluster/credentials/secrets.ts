import type { KubernetesObject, SecretPlan } from '../../../k8s/types.ts';
import type { SecretName, Stack } from '../../../stack/types.ts';
import type { Cluster } from '../client/types.ts';
import { kept, namesIn, renderEntries, type Values } from './render.ts';
import {
  type Data,
  nextKey,
  previousKey,
  type Rotating,
  readSecret,
  type StoredSecret,
  secretObject,
  writeSecret,
} from './stored.ts';
import { resolveValues, type Sources } from './values.ts';

/**
 * The planned Secrets, complete, to be applied before what mounts them: what is there is kept, what is missing is made up.
 * @throws UserError naming every secret without a usable value; ApiError when a Secret may not be read.
 */
export async function secretObjects(sources: Sources): Promise<readonly KubernetesObject[]> {
  const { plans, stack } = sources;
  const before = await readPlanned(sources);
  const values = await resolveValues(sources, merged(before));
  return Promise.all(
    plans.map(async (plan, index) => {
      const entries = await renderEntries(plan, values, before[index]?.data ?? {});
      return secretObject(plan, { ...madeUp(plan, values, stack), ...entries });
    }),
  );
}

/** What the planned Secrets hold now. */
export async function storedData(sources: Planned): Promise<Data> {
  return merged(await readPlanned(sources));
}

/**
 * Writes one changed value wherever the planned Secrets hold it or something made of it; everything else stays. Fails when
 * somebody else writes at the same time.
 */
export async function rewrite({ cluster, plans }: Planned, name: SecretName, value: Rotating): Promise<void> {
  for (const plan of plans.filter((each) => namesIn(each).has(name))) {
    const stored = await readSecret(cluster, plan);
    if (stored === undefined) throw new Error(`the Secret ${plan.namespace}/${plan.name} is not there`);
    await writeSecret(cluster, plan, await withValue(plan, stored.data, name, value), stored);
  }
}

/** The data of a planned Secret in which one value is another, and what is made of it. */
export async function withValue(plan: SecretPlan, data: Data, name: SecretName, value: Rotating): Promise<Data> {
  const { [nextKey(name)]: _next, [previousKey(name)]: _previous, ...rest } = data;
  return { ...rest, ...kept(name, value), ...(await renderEntries(plan, new Map([[name, value]]), data)) };
}

export interface Planned {
  readonly cluster: Cluster;
  readonly plans: readonly SecretPlan[];
}

function madeUp(plan: SecretPlan, values: Values, { secrets }: Stack): Data {
  const names = namesIn(plan);
  const own = [...values].filter(([name]) => names.has(name) && secrets[name]?.kind === 'generate');
  return Object.assign({}, ...own.map(([name, value]) => kept(name, value)));
}

function readPlanned({ cluster, plans }: Planned): Promise<readonly (StoredSecret | undefined)[]> {
  return Promise.all(plans.map((plan) => readSecret(cluster, plan)));
}

function merged(secrets: readonly (StoredSecret | undefined)[]): Data {
  return Object.assign({}, ...secrets.map((secret) => secret?.data ?? {}));
}
