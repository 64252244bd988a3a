import { read } from '../client/objects.ts';
import type { PreflightCheck } from './context.ts';

export const pullSecrets: PreflightCheck = {
  name: 'pull-secrets',
  title: 'the Secrets that open the registry are there',
  impossible: ({ cluster }) => (cluster?.images.pullSecrets.length === 0 ? 'images.pullSecrets names none' : undefined),
  run: ({ stack, cluster }) => {
    const { images, namespace } = stack.cluster;
    return Promise.all(
      images.pullSecrets.map(async (name) => {
        const found = await read(cluster, { apiVersion: 'v1', kind: 'Secret', namespace, name });
        const type = found === undefined ? undefined : String(found['type']);
        const ok = type === 'kubernetes.io/dockerconfigjson' || type === 'kubernetes.io/dockercfg';
        const evidence = type === undefined ? `does not exist in ${namespace}` : `is of the type ${type}`;
        return { ok, subject: `Secret ${name}`, evidence };
      }),
    );
  },
};
