import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Folders in which a new file must be reachable from a list; the list's file. */
const lists = [
  ['rules/alerts', 'rules/index.ts'],
  ['rules/conventions', 'rules/conventions/index.ts'],
  ['dashboards', 'dashboards/index.ts'],
  ['exporter/collectors', 'exporter/collectors/index.ts'],
  ['exporter/metrics', 'exporter/metrics/index.ts'],
  ['provision/checks', 'provision/checks/index.ts'],
  ['demo/incidents', 'demo/incidents/index.ts'],
  ['provision/cli', 'provision/cli/main.ts'],
  ['k8s', 'provision/build/kubernetes.ts'],
  ['k8s/operator', 'k8s/operator/index.ts'],
] as const;

/** Files that no list leads to, for a stated reason. */
const apart: Readonly<Record<string, string>> = {
  'provision/checks/local.ts': 'what the checks are made with on this machine',
  'provision/checks/watchdog.ts': 'what a status on both platforms says of the alert path',
};

test.each(lists)('every file of %s is reached from %s', (folder, list) => {
  const reached = reachable(join(root, list));
  const files = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => !reached.has(join(root, file)) && apart[file] === undefined)).toEqual([]);
});

/** Every file of ours that a file imports, at once or later, directly or through others. */
function reachable(entry: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(entry) || !existsSync(entry)) return found;
  found.add(entry);
  const specifiers = readFileSync(entry, 'utf8').matchAll(/(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g);
  for (const [, specifier = ''] of specifiers) reachable(join(dirname(entry), specifier), found);
  return found;
}
