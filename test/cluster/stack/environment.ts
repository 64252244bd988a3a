import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Demonstration } from '../support/demonstration.ts';

/** In what the environments differ. */
export interface Variant {
  readonly registry: string;
  /** The section of the exporter. */
  readonly exporter: string;
}

/**
 * Writes an environment that watches the demonstration in its namespace, with what a production has: claims, encrypted mail,
 * Slack, Secrets of the user's own. Only its waits are short, so that an incident is over in two minutes.
 */
export function writeEnvironment(
  folder: string,
  namespace: string,
  { shop, backups, inbox }: Demonstration,
  { registry, exporter }: Variant,
): string {
  const directory = join(folder, 'living');
  mkdirSync(directory);
  const lines = [
    'platform: kubernetes',
    `namespace: ${namespace}`,
    `cluster: {context: ${inject('cluster').context}, namespace: ${namespace}}`,
    `images: {registry: ${registry}}`,
    'intervals: {scrape: 1s, evaluation: 1s, collection: 2s, groupWait: 1s, groupInterval: 5s}',
    'applications:',
    '  - name: shop',
    `    metrics: {address: "${shop}", path: /prometheus, token: {secret: shop-metrics, key: token}}`,
    '    convention: prom-client',
    'backups:',
    '  - name: shop-database',
    `    directory: ${backups}`,
    '    pattern: shop_%Y%m%d_%H%M%S.sql.gz',
    '    engine: sqlite',
    '    schedule: "* * * * *"',
    '    timezone: UTC',
    '    grace: 20s',
    '    settle: 2s',
    '    retention: {age: 30m, tolerance: 2m, floor: 3}',
    'volumes:',
    `  - {name: shop-backups, directory: ${backups}, size: 64Mi}`,
    'prometheus: {storage: {size: 512Mi}}',
    'alertmanager:',
    '  storage: {size: 64Mi}',
    `  email: {smarthost: "${inbox.smtp}", from: lookout@lookout.test, to: [operator@lookout.test]}`,
    '  slack: {webhook: {secret: inbox-webhook, key: url}, channel: "#alerts"}',
    'grafana: {storage: {size: 64Mi}}',
    `exporter: ${exporter}`,
    'alerts: {BackupMissed: {for: 2s}}',
  ];
  writeFileSync(join(directory, 'environment.yaml'), `${lines.join('\n')}\n`);
  return directory;
}
