import { artifactPattern, patternProblem } from '../common/artifacts.ts';
import { suggestion } from './nearest.ts';
import { checkReceivers } from './receiver-checks.ts';
import { child, itemsAt, type Node, nodeAt, type Path, textAt } from './tree.ts';
import { jobs } from './types.ts';

/** Reports what is wrong with the value at a path. */
export type Report = (path: Path, message: string) => void;

/**
 * What no single key can tell: how the keys of one instance fit together. It reads the document itself, so that these
 * mistakes are reported beside those of the schema.
 */
export function checkEnvironment(root: Node, report: Report): void {
  for (const check of checks) check(root, report);
}

type Check = (root: Node, report: Report) => void;

const checks: readonly Check[] = [
  ownJobs,
  (root, report) => unique(root, [['applications']], report),
  (root, report) => unique(root, [['backups']], report),
  (root, report) => unique(root, [['volumes']], report, 'namespace'),
  (root, report) =>
    unique(
      root,
      [
        ['certificates', 'files'],
        ['certificates', 'endpoints'],
      ],
      report,
    ),
  expectedCertificates,
  schedules,
  platformKeys,
  checkReceivers,
  secretKinds,
  absolutePaths,
];

/** Names become label values: two things with one name would be one series. */
function unique(root: Node, lists: readonly Path[], report: Report, scope?: string): void {
  const seen = new Map<string, Node>();
  for (const list of lists) {
    for (const [index, item] of itemsAt(root, list).entries()) {
      const name = textAt(item, ['name']);
      if (name === undefined || name === '') continue;
      const identity = JSON.stringify([name, scope === undefined ? null : (textAt(item, [scope]) ?? null)]);
      const first = seen.get(identity);
      if (first === undefined) seen.set(identity, item);
      else report([...list, index, 'name'], `the name ${quoteName(item)} is taken by the one of line ${lineOf(first)}`);
    }
  }
}

function lineOf(item: Node): number {
  return child(item, 'name')?.line ?? item.line;
}

function quoteName(item: Node): string {
  const name = child(item, 'name');
  return name?.kind === 'text' ? JSON.stringify(name.written) : '';
}

/** An application's scrape job has its name, and so have ours. */
function ownJobs(root: Node, report: Report): void {
  for (const [index, application] of itemsAt(root, ['applications']).entries()) {
    if (Object.values<string>(jobs).includes(textAt(application, ['name']) ?? '')) {
      report(['applications', index, 'name'], "is the name of one of Lookout's own scrape jobs; choose another");
    }
  }
}

function expectedCertificates(root: Node, report: Report): void {
  const stored = itemsAt(root, ['certificates', 'files']).flatMap((file) => textAt(file, ['name']) ?? []);
  for (const [index, endpoint] of itemsAt(root, ['certificates', 'endpoints']).entries()) {
    const expects = textAt(endpoint, ['expects']);
    if (expects === undefined || expects === '' || stored.includes(expects)) continue;
    const names = stored.length === 0 ? 'none is declared' : `declared are ${stored.join(', ')}`;
    report(
      ['certificates', 'endpoints', index, 'expects'],
      `names no certificate of certificates.files (${names})${suggestion(expects, stored)}`,
    );
  }
}

function schedules(root: Node, report: Report): void {
  for (const [index, backup] of itemsAt(root, ['backups']).entries()) {
    if (backup.kind !== 'map') continue;
    const [schedule, every] = [backup.entries.has('schedule'), backup.entries.has('expectedInterval')];
    if (schedule && every) {
      report(['backups', index, 'expectedInterval'], 'goes without a schedule only; remove one of the two');
    }
    if (!schedule && !every) {
      report(
        ['backups', index, 'schedule'],
        'missing: without it nobody can tell when a run was missed; write a cron schedule, or expectedInterval: 25h when there is none',
      );
    }
    const pattern = textAt(backup, ['pattern']) ?? '';
    if (schedule && patternProblem(pattern) === undefined && !artifactPattern(pattern, 'UTC').timed) {
      report(
        ['backups', index, 'pattern'],
        'has no time, such as %Y%m%d_%H%M%S: which run of the schedule a dump belongs to cannot be told',
      );
    }
  }
}

function platformKeys(root: Node, report: Report): void {
  if (textAt(root, ['platform']) !== 'kubernetes') return;
  for (const key of ['pace', 'local']) {
    if (child(root, key) !== undefined) report([key], 'exists on platform local only; remove it');
  }
  if (child(root, 'namespace') === undefined) {
    report(['namespace'], 'missing: platform kubernetes needs the namespace of the application');
  }
}

function secretKinds(root: Node, report: Report): void {
  if (textAt(root, ['platform']) !== 'local') return;
  const places: Path[] = [
    ...itemsAt(root, ['applications']).map((_, index) => ['applications', index, 'metrics', 'token']),
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

function absolutePaths(root: Node, report: Report): void {
  if (textAt(root, ['platform']) !== 'kubernetes') return;
  const places: Path[] = [
    ...itemsAt(root, ['backups']).map((_, index) => ['backups', index, 'directory']),
    ...itemsAt(root, ['volumes']).map((_, index) => ['volumes', index, 'directory']),
    ...itemsAt(root, ['certificates', 'files']).map((_, index) => ['certificates', 'files', index, 'path']),
    ...itemsAt(root, ['certificates', 'endpoints']).map((_, index) => [
      'certificates',
      'endpoints',
      index,
      'authority',
    ]),
  ];
  for (const path of places) {
    const found = textAt(root, path);
    if (found !== undefined && found !== '' && !found.startsWith('/')) {
      report(path, 'expected an absolute path: in a cluster it is the path as the exporter sees it');
    }
  }
}
