import { isApiError } from '../client/errors.ts';
import { list } from '../client/objects.ts';
import type { PreflightCheck } from './context.ts';

export const nodes: PreflightCheck = {
  name: 'nodes',
  title: 'there is a node whose directories are to be read',
  impossible: ({ exporter: { node } }) =>
    Object.keys(node?.nodes ?? {}).length > 0 ? undefined : 'the environment asks for no labels of nodes',
  run: async ({ stack, cluster }) => {
    const wanted = Object.entries(stack.exporter.node?.nodes ?? {});
    const subject = `nodes with ${wanted.map(([key, value]) => `${key}=${value}`).join(', ')}`;
    const all = await list(cluster, { apiVersion: 'v1', kind: 'Node' }).catch((error: unknown) => {
      if (isApiError(error, 403)) return null;
      throw error;
    });
    if (all === null)
      return [{ ok: true, remark: true, subject, evidence: 'not known: these rights do not show nodes' }];
    const found = all.filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value));
    const names = (some: typeof all) => some.map(({ metadata }) => metadata.name).join(', ');
    if (found.length > 0) return [{ ok: true, subject, evidence: names(found) }];
    const evidence = `there is none among ${names(all)}: no pod would be made; see exporter.nodes`;
    return [{ ok: false, subject, evidence }];
  },
};
