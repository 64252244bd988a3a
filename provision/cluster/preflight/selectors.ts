import type { KubernetesObject } from '../../../k8s/types.ts';
import type { Finding } from '../../checks/check.ts';
import type { Cluster } from '../client/types.ts';
import { readersOf } from '../operators/readers.ts';
import { type Judged, judgedFor, programName } from '../operators/reading.ts';
import type { PreflightCheck } from './context.ts';

export const selectors: PreflightCheck = {
  name: 'selectors',
  title: 'a Prometheus and an Alertmanager of an operator read each object that is meant for them',
  impossible: ({ cluster }) => (cluster?.flavour === 'operator' ? undefined : 'flavour standalone has no such objects'),
  run: async ({ cluster, manifests }) => {
    const read = manifests.objects.filter((object) => readersOf(object).length > 0);
    const groups = Map.groupBy(read, ({ kind, metadata }) => `${kind} in ${metadata.namespace}`);
    return Promise.all([...groups].map(([subject, objects]) => judgeGroup(cluster, subject, objects)));
  },
};

/** The objects of one kind have the same labels. */
async function judgeGroup(cluster: Cluster, subject: string, objects: readonly KubernetesObject[]): Promise<Finding> {
  const [object] = objects;
  if (object === undefined) throw new Error(`${subject} is empty`);
  const judged = await judgedFor(cluster, object);
  if (judged === undefined) return unseen(subject);
  const readers = judged.filter(({ verdict }) => verdict.reads).map(({ program }) => programName(program));
  if (readers.length === 0) return ignored(subject, object, judged);
  const evidence = `${objects.length} read by ${readers.join(' and ')}`;
  if (readers.length === 1) return { ok: true, subject, evidence };
  return { ok: true, remark: true, subject, evidence: `${evidence}: each of them does the same with them` };
}

function ignored(subject: string, object: KubernetesObject, judged: readonly Judged[]): Finding {
  const reasons = judged.map(({ program, verdict }) =>
    verdict.reads ? '' : `${programName(program)} ${verdict.reason}`,
  );
  const kinds = readersOf(object).map(({ kind }) => kind);
  const evidence =
    reasons.length === 0
      ? `there is no ${kinds.join(', no ')} in the cluster that could read them`
      : `nobody reads them: ${reasons.join('; ')}`;
  return { ok: false, subject, evidence };
}

function unseen(subject: string): Finding {
  const evidence =
    'these rights do not show what the operators of the cluster select: ask whoever runs them, and see after apply whether targets and rules are there';
  return { ok: true, remark: true, subject, evidence };
}
