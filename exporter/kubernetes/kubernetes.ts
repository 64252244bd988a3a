import { readFileSync } from 'node:fs';
import { SourceError } from '../model/failure.ts';
import type { ApiAccess } from './access.ts';
import { type ApiClient, apiClient } from './client.ts';

/** What collectors may ask of a cluster, with one service account. */
export interface Kubernetes {
  readonly api: ApiClient;
  /**
   * The kubelet at `host:port`. `authority` is the path of a PEM file with whoever signed its certificate, on a local mount;
   * null: the authority of the API server.
   */
  readonly kubelet: (address: string, authority: string | null) => ApiClient;
  readonly close: () => void;
}

/** Seconds that an answer may take. */
const patience = 30;

export function kubernetesOf(access: ApiAccess, version: string): Kubernetes {
  const options = { userAgent: `lookout-exporter/${version}`, patience };
  const api = apiClient(access, options);
  const kubelets = new Map<string, ApiClient>();
  return {
    api,
    kubelet: (address, path) => {
      const known = kubelets.get(`${address} ${path}`);
      if (known !== undefined) return known;
      const authority = path === null ? access.authority : () => readFileSync(path, 'utf8');
      const client = apiClient({ ...access, server: `https://${address}`, authority }, options);
      kubelets.set(`${address} ${path}`, client);
      return client;
    },
    close: () => {
      for (const client of [api, ...kubelets.values()]) client.close();
    },
  };
}

/** Stands in where there is no service account: whatever is asked fails with that reason. */
export const noKubernetes: Kubernetes = {
  get api(): ApiClient {
    throw missing();
  },
  kubelet: () => {
    throw missing();
  },
  close: () => {},
};

function missing(): SourceError {
  const help = 'run the exporter as a pod with a service account whose token is mounted';
  return new SourceError(
    'no_service_account',
    `could not ask the Kubernetes API: there is no service account; ${help}`,
  );
}
