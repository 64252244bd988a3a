import type { SecretReference, Stack } from '../../../stack/types.ts';
import { productionStack } from '../../support/stacks.ts';

const generated = [
  'scrape-token',
  'prometheus-password',
  'alertmanager-password',
  'grafana-password',
  'grafana-secret-key',
  'smtp-password',
  'slack-webhook',
];

/** A stack in a namespace that can run there: claims of a size for tests, and nothing to scrape but itself. */
export function stackIn(namespace: string): Stack {
  const cluster = productionStack.cluster!;
  const size = 64 * 1024 ** 2;
  const small = { size, storageClass: null, claim: null };
  return {
    ...productionStack,
    name: 'cluster-test',
    namespace,
    intervals: { ...productionStack.intervals, scrape: 1, collection: 2 },
    applications: [],
    probes: [],
    databases: [],
    backups: [],
    volumes: [],
    certificates: {
      ...productionStack.certificates,
      certManager: [],
      files: [],
      secrets: [],
      discover: null,
      endpoints: [],
    },
    exporter: { ...productionStack.exporter, node: null },
    secrets: Object.fromEntries(generated.map((name): [string, SecretReference] => [name, { kind: 'generate' }])),
    cluster: {
      ...cluster,
      namespace,
      components: { ...cluster.components, blackbox: { kind: 'none' } },
      storage: { prometheus: { ...small, size: 4 * size }, alertmanager: small, grafana: small, jaeger: small },
    },
  };
}
