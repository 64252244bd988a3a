import { manifests } from '../../../k8s/index.ts';
import type { Manifests } from '../../../k8s/types.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import { renderEntries } from '../../../provision/cluster/credentials/render.ts';
import type { SecretName, Stack } from '../../../stack/types.ts';
import { exporterBundle } from '../support/images.ts';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';

/** What the secrets of these tests hold. */
export function secretValue(secret: SecretName): string {
  return secret === 'slack-webhook' ? 'https://slack.example.com/hook' : `value-of-${secret}`;
}

/** Everything of a stack, with the exporter's real code. */
export function manifestsOf(stack: Stack): Manifests {
  return manifests(stack, buildOutputs(stack), exporterBundle());
}

/** Applies a stack as it is built, and its Secrets as `provision/` fills them. */
export async function install(stack: Stack): Promise<Manifests> {
  const built = manifestsOf(stack);
  apply(...(await secretObjects(built)), ...built.objects);
  return built;
}

export async function secretObjects({ secrets }: Manifests): Promise<readonly object[]> {
  return Promise.all(
    secrets.map(async (plan) => {
      const names = Object.values(plan.entries).map(({ secret }) => secret);
      const values = new Map(names.map((name) => [name, { current: secretValue(name) }]));
      const data = Object.entries(await renderEntries(plan, values, {})).map(([key, text]) => [
        key,
        Buffer.from(text).toString('base64'),
      ]);
      const metadata = { name: plan.name, namespace: plan.namespace };
      return { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(data) };
    }),
  );
}

/** Waits until the pods of a workload are the wanted ones and ready. */
export function rolledOut(namespace: string, ...workloads: readonly string[]): void {
  for (const workload of workloads)
    kubectl(['rollout', 'status', workload, `--namespace=${namespace}`, '--timeout=120s']);
}

export interface PodState {
  readonly uid: string;
  readonly restarts: number;
}

/** What changes when a pod, or a container in it, was started again. */
export function podState(namespace: string, pod: string): PodState {
  const { metadata, status } = kubectlJson<{
    metadata: { uid: string };
    status: { containerStatuses: readonly { restartCount: number }[] };
  }>('get', 'pod', pod, `--namespace=${namespace}`);
  return { uid: metadata.uid, restarts: status.containerStatuses.reduce((sum, each) => sum + each.restartCount, 0) };
}
