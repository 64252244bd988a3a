import type { Finding } from '../../checks/check.ts';
import { list, read } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import type { PreflightCheck, PreflightContext } from './context.ts';
import { claimTemplates } from './pods.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';

/** NFS loses Prometheus' data. Source: Prometheus documentation, "Storage": "Non-POSIX compliant filesystems are not supported". */
const nfs = /\bnfs\b|nfs[.-]/i;

export const storage: PreflightCheck = {
  name: 'storage',
  title: 'each claim has a class that can provide it, or is there already',
  impossible: ({ cluster }) =>
    Object.values(cluster?.components ?? {}).some(({ kind }) => kind === 'install')
      ? undefined
      : 'nothing is installed',
  run: async (context) => {
    const existing = await existingClaims(context);
    const wanted = context.manifests.objects.flatMap((object) =>
      claimTemplates(object).map(({ metadata, spec }) => ({ owner: object.metadata.name, metadata, spec })),
    );
    if (wanted.length === 0 && existing.length === 0)
      return [{ ok: true, subject: 'claims', evidence: 'no component of this stack keeps data in a claim' }];
    const classes = wanted.length === 0 ? [] : await storageClasses(context.cluster);
    return [...existing, ...wanted.map(({ owner, spec }) => judge(owner, spec.storageClassName, classes))];
  },
};

async function storageClasses(cluster: Cluster): Promise<readonly LiveObject[]> {
  return list(cluster, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
}

function judge(owner: string, wanted: string | undefined, classes: readonly LiveObject[]): Finding {
  const found = classes.find(({ metadata }) =>
    wanted === undefined ? metadata.annotations?.[isDefault] === 'true' : metadata.name === wanted,
  );
  const subject = `claim of ${owner}`;
  if (found === undefined) {
    const names = classes.map(({ metadata }) => metadata.name).join(', ') || 'none';
    const what = wanted === undefined ? 'the cluster has no default class' : `there is no class ${wanted}`;
    return { ok: false, subject, evidence: `${what} (there are ${names}); name one with storage.class` };
  }
  const provisioner = String(found['provisioner']);
  if (owner.includes('prometheus') && nfs.test(provisioner))
    return {
      ok: false,
      subject,
      evidence: `the class ${found.metadata.name} is NFS (${provisioner}), on which Prometheus loses data: name another with prometheus.storage.class`,
    };
  const grows = found['allowVolumeExpansion'] === true;
  const evidence = `class ${found.metadata.name} (${provisioner})${grows ? '' : '; its claims cannot be made larger later'}`;
  return { ok: true, remark: !grows, subject, evidence };
}

async function existingClaims({ stack, cluster }: PreflightContext): Promise<readonly Finding[]> {
  const { storage: settings, namespace } = stack.cluster;
  const named = Object.entries(settings).flatMap(([component, { claim }]) =>
    claim === null ? [] : [{ component, claim }],
  );
  return Promise.all(
    named.map(async ({ component, claim }) => {
      const found = await read(cluster, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim });
      const { phase } = (found?.['status'] ?? {}) as { readonly phase?: string };
      const evidence = found === undefined ? `does not exist in ${namespace}` : `is ${phase}`;
      return { ok: found !== undefined && phase !== 'Lost', subject: `claim ${claim} for ${component}`, evidence };
    }),
  );
}
