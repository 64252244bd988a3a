import { artifactPattern, patternProblem } from '../common/artifacts.ts';
import { checkCertificates } from './certificate-checks.ts';
import { checkCluster } from './cluster-checks.ts';
import { checkDatabases } from './database-checks.ts';
import { checkPlaces } from './place-checks.ts';
import { checkPlatform } from './platform-checks.ts';
import { checkProbes } from './probe-checks.ts';
import { checkReceivers } from './receiver-checks.ts';
import { child, itemsAt, type Node, type Path, type TextNode, textAt } from './tree.ts';
import { databaseJob, exporters, jobs, probeJob, telemetryJobs } from './types.ts';

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
  (root, report) => unique(root, [['probes']], report),
  (root, report) => unique(root, [['databases']], report),
  (root, report) => unique(root, [['backups']], report),
  (root, report) => unique(root, [['volumes']], report, 'namespace'),
  (root, report) =>
    unique(
      root,
      [
        ['certificates', 'files'],
        ['certificates', 'secrets'],
        ['certificates', 'certManager'],
        ['certificates', 'endpoints'],
      ],
      report,
    ),
  checkPlaces,
  checkProbes,
  checkDatabases,
  checkCertificates,
  schedules,
  checkPlatform,
  checkCluster,
  checkReceivers,
];

/** Names become label values: two things with one name would be one series. A claim's name is its volume's. */
function unique(root: Node, lists: readonly Path[], report: Report, scope?: string): void {
  const seen = new Map<string, Node>();
  for (const list of lists) {
    for (const [index, item] of itemsAt(root, list).entries()) {
      const name = nameOf(item)?.text;
      if (name === undefined || name === '') continue;
      const within = scope === undefined ? null : (textAt(item, [scope]) ?? textAt(root, [scope]) ?? null);
      const identity = JSON.stringify([name, within]);
      const first = seen.get(identity);
      if (first === undefined) seen.set(identity, item);
      else
        report(
          [...list, index, 'name'],
          `the name ${JSON.stringify(nameOf(item)?.written)} is taken by the one of line ${nameOf(first)?.line}`,
        );
    }
  }
}

function nameOf(item: Node): TextNode | undefined {
  const name = child(item, 'name') ?? child(item, 'claim');
  return name?.kind === 'text' ? name : undefined;
}

/** An application's scrape job has its name, and so have ours. */
function ownJobs(root: Node, report: Report): void {
  const databases = itemsAt(root, ['databases']).map((database) => databaseJob(textAt(database, ['name']) ?? ''));
  const own: readonly string[] = [
    ...Object.values(jobs),
    ...Object.values(exporters),
    probeJob,
    ...Object.values(telemetryJobs),
    ...databases,
  ];
  for (const [index, application] of itemsAt(root, ['applications']).entries()) {
    if (own.includes(textAt(application, ['name']) ?? '')) {
      report(['applications', index, 'name'], "is the name of one of Lookout's own scrape jobs; choose another");
    }
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
