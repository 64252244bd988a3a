import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from '../client/errors.ts';
import { list, read } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { judge, readersOf, type Verdict } from './readers.ts';

/** A program of prometheus-operator, and whether it reads an object. */
export interface Judged {
  readonly program: LiveObject;
  readonly verdict: Verdict;
}

/** Every program of the cluster that reads the kind of an object; undefined when these rights do not show it. */
export async function judgedFor(cluster: Cluster, object: KubernetesObject): Promise<readonly Judged[] | undefined> {
  try {
    const place = { apiVersion: 'v1', kind: 'Namespace', name: object.metadata.namespace ?? '' };
    const labels = (await read(cluster, place))?.metadata.labels ?? {};
    const found = await Promise.all(
      readersOf(object).map(async (kind) =>
        (await list(cluster, kind)).map((program) => ({ program, verdict: judge(program, kind, object, labels) })),
      ),
    );
    return found.flat();
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}

/** Only those that do. */
export async function readersFor(cluster: Cluster, object: KubernetesObject): Promise<readonly LiveObject[]> {
  const judged = (await judgedFor(cluster, object)) ?? [];
  return judged.filter(({ verdict }) => verdict.reads).map(({ program }) => program);
}

/** `Prometheus monitoring/main`. */
export function programName({ kind, metadata }: LiveObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
