import { UserError } from '../../../common/problems.ts';
import type { SecretPlan } from '../../../k8s/types.ts';
import type { SecretName, SecretReference, Stack } from '../../../stack/types.ts';
import { randomValue, readValue, refusal, whereFrom } from '../../credentials/values.ts';
import type { Cluster } from '../client/types.ts';
import type { Values } from './render.ts';
import { type Data, type Rotating, readSecret, rotating } from './stored.ts';

export interface Sources {
  readonly cluster: Cluster;
  readonly stack: Stack;
  readonly plans: readonly SecretPlan[];
  /** Of the operator's machine: where `{env}` is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The value of every secret that the stack declares: one that Lookout makes up is made up once and kept, one of the
 * operator's machine is read there, and one in a Secret of the user's is looked at, so that what cannot work is told before
 * anything is applied.
 * @param stored what our Secrets hold now.
 * @throws UserError naming every secret without a usable value, and where it was looked for; never a value.
 */
export async function resolveValues(sources: Sources, stored: Data): Promise<Values> {
  const values = new Map<SecretName, Rotating>();
  const problems: string[] = [];
  for (const [name, reference] of Object.entries(sources.stack.secrets)) {
    const found = await lookUp(name, reference, sources, stored);
    const problem = found.value === undefined ? 'is missing' : refusal(found.value.current, reference);
    if (problem === undefined && found.value !== undefined) values.set(name, found.value);
    else problems.push(`secret ${name} ${problem}: ${found.place}`);
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return values;
}

interface Found {
  readonly value: Rotating | undefined;
  /** Where a person finds it, or why it is not there. */
  readonly place: string;
}

async function lookUp(name: SecretName, reference: SecretReference, sources: Sources, stored: Data): Promise<Found> {
  const { cluster, stack, env } = sources;
  if (reference.kind === 'generate')
    return { value: rotating(name, stored) ?? { current: randomValue() }, place: ourPlace(name, sources) };
  if (reference.kind === 'kubernetes') return inTheirSecret(reference, cluster, namespaceOf(stack));
  const vault = { directory: '', env };
  const current = readValue(name, reference, vault);
  return { value: current === undefined ? undefined : { current }, place: whereFrom(name, reference, vault) };
}

/** A pod mounts Secrets of its own namespace only: that is where the user's Secret has to be. */
export async function inTheirSecret(
  { secret, key }: Extract<SecretReference, { kind: 'kubernetes' }>,
  cluster: Cluster,
  namespace: string,
): Promise<Found> {
  const found = await readSecret(cluster, { name: secret, namespace });
  const where = `the Secret ${namespace}/${secret}`;
  if (found === undefined) return { value: undefined, place: `there is no Secret ${namespace}/${secret}` };
  const current = found.data[key];
  const keys = Object.keys(found.data).sort().join(', ');
  return current === undefined
    ? { value: undefined, place: `${where} has no key ${key} (it has ${keys === '' ? 'none' : keys})` }
    : { value: { current }, place: `key ${key} of ${where}` };
}

function ourPlace(name: SecretName, { plans }: Sources): string {
  const [plan] = plans;
  return plan === undefined ? name : `key ${name} of the Secret ${plan.namespace}/${plan.name}`;
}

export function namespaceOf({ cluster, name }: Stack): string {
  if (cluster === null) throw new Error(`${name} does not run in a cluster`);
  return cluster.namespace;
}
