import type { ExporterConfig } from '../../../exporter/config.ts';
import { kubernetesOf } from '../../../exporter/kubernetes/kubernetes.ts';
import { type RunningExporter, runExporterIn } from '../support/exporter.ts';
import { temporaryFolder } from '../support/folder.ts';
import { FakeKubernetesApi } from './fake-kubernetes-api.ts';

export async function startCluster(): Promise<FakeKubernetesApi> {
  const api = new FakeKubernetesApi(temporaryFolder());
  await api.start();
  return api;
}

/** An exporter whose service account is that of the fake API, read once. */
export async function exporterIn(api: FakeKubernetesApi, declared: Partial<ExporterConfig>): Promise<RunningExporter> {
  return await runExporterIn(temporaryFolder(), { interval: 0.2, ...declared }, kubernetesOf(api.access, 'test'));
}

export const at = (time: string) => Date.parse(time) / 1000;
