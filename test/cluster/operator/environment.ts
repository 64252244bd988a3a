import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Demonstration } from '../support/demonstration.ts';

/** An environment whose Prometheus and Alertmanager are those of prometheus-operator; its waits are short. */
export function writeEnvironment(folder: string, namespace: string, { shop, backups }: Demonstration): string {
  const directory = join(folder, 'operated');
  mkdirSync(directory);
  const lines = [
    'platform: kubernetes',
    'flavour: operator',
    `namespace: ${namespace}`,
    `cluster: {context: ${inject('cluster').context}}`,
    'operator: {labels: {team: shop}}',
    'intervals: {scrape: 1s, evaluation: 1s, collection: 2s, groupWait: 1s, groupInterval: 5s}',
    'applications:',
    '  - name: shop',
    `    metrics: {address: "${shop}", path: /prometheus, token: {secret: shop-metrics, key: token}}`,
    '    convention: prom-client',
    'volumes:',
    `  - {name: shop-backups, directory: ${backups}, size: 64Mi}`,
    'alertmanager:',
    '  slack: {webhook: {secret: inbox-webhook, key: url}, channel: "#alerts"}',
    'alerts: {ApplicationDown: {for: 2s}}',
  ];
  writeFileSync(join(directory, 'environment.yaml'), `${lines.join('\n')}\n`);
  return directory;
}
