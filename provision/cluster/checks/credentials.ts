import type { SecretReference, Stack } from '../../../stack/types.ts';
import type { CheckContext } from '../../checks/check.ts';
import { refusal } from '../../credentials/values.ts';
import { namesIn } from '../credentials/render.ts';
import { type Planned, storedData } from '../credentials/secrets.ts';
import type { Data } from '../credentials/stored.ts';
import { inTheirSecret, namespaceOf } from '../credentials/values.ts';

/** A credential as it is in the cluster: its value, where it is, and what is wrong with it. */
interface Kept {
  readonly name: string;
  readonly value: string | undefined;
  readonly place: string;
  readonly problem: string | undefined;
}

export interface KeptCredentials {
  /** By name; only those that are there. */
  readonly values: Data;
  readonly views: CheckContext['credentials'];
}

/** Every credential of a stack that something in the cluster uses, from our Secrets and from those of the user. */
export async function keptCredentials(ground: Planned, stack: Stack): Promise<KeptCredentials> {
  const ours = await storedData(ground);
  const all = await Promise.all(Object.keys(stack.secrets).map((name) => lookUp(name, ground, stack, ours)));
  const kept = all.flat();
  return {
    values: Object.fromEntries(kept.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    views: kept.map(({ name, place, problem }) => ({ name, place, problem })),
  };
}

async function lookUp(name: string, { cluster, plans }: Planned, stack: Stack, ours: Data): Promise<readonly Kept[]> {
  const reference = stack.secrets[name];
  if (reference === undefined) return [];
  if (reference.kind === 'kubernetes') {
    const { value, place } = await inTheirSecret(reference, cluster, namespaceOf(stack));
    return [judge(name, value?.current, place, reference)];
  }
  const plan = plans.find((each) => namesIn(each).has(name));
  if (plan === undefined) return [];
  return [judge(name, ours[name], `key ${name} of the Secret ${plan.namespace}/${plan.name}`, reference)];
}

function judge(name: string, value: string | undefined, place: string, reference: SecretReference): Kept {
  const fault = value === undefined ? 'is missing' : refusal(value, reference);
  return { name, value, place, problem: fault === undefined ? undefined : `${fault}: ${place}` };
}
