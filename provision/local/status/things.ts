import { backupMetrics } from '../../../exporter/metrics/backup.ts';
import { certificateMetrics } from '../../../exporter/metrics/certificate.ts';
import { type Collector, selfMetrics } from '../../../exporter/metrics/self.ts';
import { volumeMetrics } from '../../../exporter/metrics/volume.ts';
import type { Backup, Stack, Volume } from '../../../stack/types.ts';
import type { Series } from './series.ts';
import type { AlertView, BackupView, CertificateView, ThingState, VolumeView } from './types.ts';

/** What a thing's state is judged from. */
interface Evidence {
  readonly series: Series;
  readonly alerts: readonly AlertView[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Labels = Readonly<Record<string, string>>;
type Judged = { readonly state: ThingState; readonly reason: string | null };

export function backupViews({ backups }: Stack, evidence: Evidence): readonly BackupView[] {
  return backups.map((backup) => backupView(backup, evidence));
}

function backupView({ name, directory }: Backup, evidence: Evidence): BackupView {
  const { series } = evidence;
  const labels = { backup: name };
  const last = series.value(backupMetrics.lastComplete, labels);
  const next = series.value(backupMetrics.nextExpected, labels);
  const judged =
    judge(evidence, labels) ??
    unread(evidence, 'backups', name) ??
    (last === null ? unknown : last === 0 ? late('no complete artifact yet') : overdue(evidence, labels, last, next));
  return {
    name,
    ...judged,
    lastGood: moment(last),
    nextExpected: moment(next),
    artifacts: series.value(backupMetrics.artifacts, { ...labels, state: 'complete' }),
    sizeBytes: series.value(backupMetrics.lastSize, labels),
    directory,
  };
}

/** A scheduled time has passed since the last good one: late from that minute on, long before an alert. */
function overdue({ series }: Evidence, labels: Labels, last: number, next: number | null): Judged {
  const interval = series.value(backupMetrics.expectedInterval, labels);
  const missed = series.value(backupMetrics.missedRuns, labels) ?? 0;
  const due = next === null || interval === null ? null : next - interval;
  if (missed > 0) return late(`${missed} ${missed === 1 ? 'run' : 'runs'} missed`);
  return due !== null && last < due ? late('due, not here yet') : up;
}

export function volumeViews({ volumes }: Stack, evidence: Evidence): readonly VolumeView[] {
  return volumes.map((volume) => volumeView(volume, evidence));
}

function volumeView({ name, namespace, directory, requested }: Volume, evidence: Evidence): VolumeView {
  const { series } = evidence;
  const labels = { claim: name, claim_namespace: namespace };
  const own = { ...labels, scope: 'volume' };
  const whole = { ...labels, scope: 'filesystem' };
  const used = series.value(volumeMetrics.used, own) ?? series.value(volumeMetrics.used, whole);
  const unmeasured = series.all(volumeMetrics.unmeasured, labels).find(({ value }) => value[1] === '1');
  const judged =
    judge(evidence, labels) ??
    (unmeasured === undefined ? null : late(words(unmeasured.metric['reason']))) ??
    unread(evidence, 'volumes', name) ??
    (used === null ? unknown : up);
  return {
    name,
    namespace,
    ...judged,
    usedBytes: used,
    limitBytes: requested ?? series.value(volumeMetrics.capacity, own) ?? series.value(volumeMetrics.capacity, whole),
    measured: moment(series.value(volumeMetrics.measured, labels)),
    directory: directory ?? '',
  };
}

export function certificateViews({ certificates }: Stack, evidence: Evidence): readonly CertificateView[] {
  return [
    ...certificates.files.map(({ name, path }) => certificateView(name, path, evidence)),
    ...certificates.endpoints.map(({ name, host, port }) => certificateView(name, `${host}:${port}`, evidence)),
  ];
}

function certificateView(name: string, place: string, evidence: Evidence): CertificateView {
  const { series } = evidence;
  const leaf = { certificate: name, chain_position: 'leaf' };
  const notAfter = series.value(certificateMetrics.notAfter, leaf);
  const judged =
    judge(evidence, { certificate: name }) ??
    unread(evidence, 'certificates', name) ??
    servedBadly(series, name) ??
    (notAfter === null ? unknown : notAfter * 1000 <= evidence.now ? late('expired') : up);
  return {
    name,
    ...judged,
    notBefore: moment(series.value(certificateMetrics.notBefore, leaf)),
    notAfter: moment(notAfter),
    place,
  };
}

function servedBadly(series: Series, certificate: string): Judged | null {
  if (series.value(certificateMetrics.handshake, { certificate }) === 0) return late('no TLS handshake');
  if (series.value(certificateMetrics.servedMatchesStored, { certificate }) === 0)
    return late('serves another certificate than the stored one');
  return series.value(certificateMetrics.trusted, { certificate }) === 0 ? late('not trusted') : null;
}

const up: Judged = { state: 'up', reason: null };
const unknown: Judged = { state: 'unknown', reason: 'no figures yet' };

function late(reason: string): Judged {
  return { state: 'late', reason };
}

/** A firing alert about the thing settles its state; a pending one is a warning. */
function judge({ alerts }: Evidence, labels: Labels): Judged | null {
  const about = alerts.filter((alert) =>
    Object.entries(labels).every(([label, value]) => alert.labels[label] === value),
  );
  const worst = about.find(({ state }) => state === 'firing') ?? about[0];
  if (worst === undefined) return null;
  return { state: worst.state === 'firing' ? 'down' : 'late', reason: worst.detail || worst.summary };
}

/** The exporter could not read it; says why when it told. */
function unread({ series }: Evidence, collector: Collector, source: string): Judged | null {
  if (series.value(selfMetrics.sourceUp, { collector, source }) !== 0) return null;
  const failures = series.all(selfMetrics.sourceErrors, { collector, source });
  const [latest] = failures.toSorted((a, b) => Number(b.value[1]) - Number(a.value[1]));
  const reason = latest?.metric['reason'];
  return reason === undefined ? unknown : late(words(reason));
}

/** A reason of the exporter's closed set as words: `permission_denied` -> `permission denied`. */
function words(reason: string | undefined): string {
  return (reason ?? 'not measured').replaceAll('_', ' ');
}

/** Milliseconds of a timestamp in seconds; null for none and for 0, which says "never". */
function moment(seconds: number | null): number | null {
  return seconds === null || seconds === 0 ? null : seconds * 1000;
}
