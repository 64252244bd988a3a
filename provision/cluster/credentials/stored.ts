import type { KubernetesObject, SecretPlan } from '../../../k8s/types.ts';
import type { SecretName } from '../../../stack/types.ts';
import { applyObject, read } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';

/** A Secret's data as text, by key. */
export type Data = Readonly<Record<string, string>>;

export interface StoredSecret {
  readonly data: Data;
  readonly resourceVersion: string;
}

/** The Secret as it is now; undefined when there is none. */
export async function readSecret(
  cluster: Cluster,
  { name, namespace }: Pick<SecretPlan, 'name' | 'namespace'>,
): Promise<StoredSecret | undefined> {
  const live = await read(cluster, { apiVersion: 'v1', kind: 'Secret', name, namespace });
  if (live === undefined) return undefined;
  const data = Object.entries((live['data'] ?? {}) as Data).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return { data: Object.fromEntries(data), resourceVersion: live.metadata.resourceVersion };
}

/** The object to apply. It is in no inventory, so that nothing ever prunes it. */
export function secretObject(
  { name, namespace }: Pick<SecretPlan, 'name' | 'namespace'>,
  data: Data,
): KubernetesObject {
  const encoded = Object.entries(data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'lookout' } },
    type: 'Opaque',
    data: Object.fromEntries(encoded),
  };
}

/** Writes the Secret unless somebody else has since it was read (then 409). */
export async function writeSecret(
  cluster: Cluster,
  plan: Pick<SecretPlan, 'name' | 'namespace'>,
  data: Data,
  { resourceVersion }: Pick<StoredSecret, 'resourceVersion'>,
): Promise<void> {
  const object = secretObject(plan, data);
  await applyObject(cluster, {
    ...object,
    metadata: { ...object.metadata, resourceVersion } as KubernetesObject['metadata'],
  });
}

/**
 * A value and, while it is rotated, its neighbour: `next` is made up and not in use yet, `previous` is out of use but may still
 * be sent by those who have not read the new one.
 */
export interface Rotating {
  readonly current: string;
  readonly next?: string | undefined;
  readonly previous?: string | undefined;
}

/** Keys of the neighbours; no secret's name has a dot. */
export const nextKey = (name: SecretName): string => `${name}.next`;
export const previousKey = (name: SecretName): string => `${name}.previous`;

export function rotating(name: SecretName, data: Data): Rotating | undefined {
  const current = data[name];
  return current === undefined ? undefined : { current, next: data[nextKey(name)], previous: data[previousKey(name)] };
}
