import type { Report } from './checks.ts';
import { itemsAt, type Node, nodeAt, type Path, textAt } from './tree.ts';

/** What exists on one platform only. */
export function checkPlatform(root: Node, report: Report): void {
  const platform = textAt(root, ['platform']);
  const foreign = platform === 'kubernetes' ? localOnly : platform === 'local' ? clusterOnly(root) : [];
  const home = platform === 'kubernetes' ? 'local' : 'kubernetes';
  for (const path of foreign) {
    if (nodeAt(root, path) !== undefined) report(path, `exists on platform ${home} only; remove it`);
  }
  if (platform === 'local') secretKinds(root, report);
  if (platform === 'kubernetes' && nodeAt(root, ['namespace']) === undefined) {
    report(['namespace'], 'missing: platform kubernetes needs the namespace of the application');
  }
}

const localOnly: readonly Path[] = [['pace'], ['local']];

function clusterOnly(root: Node): readonly Path[] {
  return [
    ['cluster'],
    ['flavour'],
    ['operator'],
    ['delivery'],
    ['components'],
    ['images'],
    ['prometheus', 'storage'],
    ['prometheus', 'replicas'],
    ['alertmanager', 'replicas'],
    ['alertmanager', 'storage'],
    ['grafana', 'storage'],
    ['grafana', 'access'],
    ['grafana', 'auth'],
    ...below(root, ['backups'], 'cronJob', 'cleanup'),
    ['certificates', 'secrets'],
    ['certificates', 'discover'],
    ['certificates', 'certManager'],
    ['probes'],
    ['exporter', 'tls'],
    ['exporter', 'nodes'],
  ];
}

function secretKinds(root: Node, report: Report): void {
  const places: readonly Path[] = [
    ...below(root, ['applications'], 'metrics').map((path): Path => [...path, 'token']),
    ...below(root, ['certificates', 'files'], 'password'),
    ['alertmanager', 'email', 'password'],
    ['alertmanager', 'slack', 'webhook'],
    ['alertmanager', 'heartbeat'],
  ];
  for (const path of places) {
    if (nodeAt(root, [...path, 'secret']) !== undefined) {
      report(path, 'platform local has no Kubernetes Secrets; write {env: <VARIABLE>} or {file: <path>}');
    }
  }
}

function below(root: Node, list: Path, ...keys: readonly string[]): readonly Path[] {
  return itemsAt(root, list).flatMap((_, index) => keys.map((key): Path => [...list, index, key]));
}
