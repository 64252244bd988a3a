import { groupKind } from '../kinds.ts';
import type { PreflightCheck } from './context.ts';

export const servedKinds: PreflightCheck = {
  name: 'kinds',
  title: 'the cluster knows every kind of object that it is to get',
  run: async ({ cluster, manifests }) => {
    const defined = manifests.objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(definedKind);
    const kinds = new Map(manifests.objects.map((object) => [`${object.apiVersion} ${object.kind}`, object]));
    return Promise.all(
      [...kinds.values()].map(async (object) => {
        const isServed = defined.includes(groupKind(object)) || (await cluster.resource(object)) !== undefined;
        return {
          ok: isServed,
          subject: `${object.kind} of ${object.apiVersion}`,
          evidence: isServed ? 'is served' : 'is not served: install the operator that brings its definition',
        };
      }),
    );
  },
};

function definedKind(definition: { readonly [field: string]: unknown }): string {
  const { group, names } = definition['spec'] as { readonly group: string; readonly names: { readonly kind: string } };
  return `${names.kind}.${group}`;
}
