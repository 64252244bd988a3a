import { parseBytes } from '../../../common/quantities.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { ApiError, isApiError } from '../client/errors.ts';
import { list, locate, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { groupKind } from '../kinds.ts';
import { type Outcome, problem, untried } from './change.ts';

/**
 * Claims that a StatefulSet made from its templates, or finds when it is made anew, and that its new templates want larger: they
 * grow one by one, as the set does not do it. Claims never shrink and never change their class.
 */
export async function planGrowth(cluster: Cluster, set: KubernetesObject): Promise<readonly Outcome[]> {
  const templates = templatesOf(set);
  if (templates.length === 0) return [];
  const claims = await claimsIn(cluster, set.metadata.namespace);
  const pairs = templates.flatMap((template) =>
    claims.filter(({ metadata }) => isMadeFrom(metadata.name, template, set)).map((claim) => ({ claim, template })),
  );
  return (await Promise.all(pairs.map(({ claim, template }) => planClaim(cluster, claim, template)))).flat();
}

const claimKind = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };

/** All claims of a namespace; none for who may not list them. */
export async function claimsIn(cluster: Cluster, namespace: string | undefined): Promise<readonly LiveObject[]> {
  try {
    return await list(cluster, claimKind, { namespace });
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

async function planClaim(cluster: Cluster, claim: LiveObject, template: KubernetesObject): Promise<readonly Outcome[]> {
  const [present, wanted] = [sizeOf(claim), sizeOf(template)];
  const [from = 0, to = 0] = [parseBytes(present), parseBytes(wanted)];
  const object: KubernetesObject = { ...claimKind, metadata: identity(claim), spec: requesting(wanted) };
  const change = {
    ...untried(object, claim),
    action: 'grow' as const,
    differences: [{ path: 'spec.resources.requests.storage', before: present, after: wanted, by: 'lookout' as const }],
  };
  const refused = (message: string) => [{ change, problems: [problem(object, message)] }];
  const [is, asked] = [classOf(claim), classOf(template)];
  if (asked !== undefined && asked !== is)
    return refused(
      `it is of class ${is}, and a claim never changes its class: leave it, or copy the data to another claim`,
    );
  if (from === to) return [];
  if (to < from) return refused(`a claim never shrinks, and it has ${present}: ask for ${present} or more`);
  const refusal = await grow(cluster, object, true);
  return refusal === undefined ? [{ change, problems: [] }] : refused(refusal);
}

function classOf(claim: KubernetesObject): string | undefined {
  return (claim['spec'] as { readonly storageClassName?: string }).storageClassName;
}

/** Asks for more; gives why that is refused. The size is the only field that is touched. */
export async function grow(cluster: Cluster, object: KubernetesObject, dryRun: boolean): Promise<string | undefined> {
  const { path, subject } = await locate(cluster, referenceOf(object), 'patch');
  const query = { fieldManager: 'lookout', dryRun: dryRun ? 'All' : undefined };
  try {
    await cluster.send({
      method: 'PATCH',
      path,
      query,
      contentType: 'application/merge-patch+json',
      body: { spec: object['spec'] },
      subject,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.message}; without that, copy the data to a larger claim and name it in the environment`;
  }
}

export function templatesOf(set: KubernetesObject): readonly KubernetesObject[] {
  if (groupKind(set) !== 'StatefulSet.apps') return [];
  const { volumeClaimTemplates = [] } = set['spec'] as { readonly volumeClaimTemplates?: readonly KubernetesObject[] };
  return volumeClaimTemplates;
}

/** `<template>-<set>-<ordinal>`. Source: Kubernetes documentation, StatefulSet. */
export function isMadeFrom(claim: string, template: KubernetesObject, set: KubernetesObject): boolean {
  const prefix = `${template.metadata.name}-${set.metadata.name}-`;
  return claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length));
}

function sizeOf(claim: KubernetesObject): string {
  const { resources } = claim['spec'] as { readonly resources?: { readonly requests?: { readonly storage?: string } } };
  return resources?.requests?.storage ?? '';
}

function requesting(storage: string) {
  return { resources: { requests: { storage } } };
}

function identity({ metadata: { name, namespace } }: LiveObject) {
  return namespace === undefined ? { name } : { name, namespace };
}
